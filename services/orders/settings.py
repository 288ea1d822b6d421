"""What orders needs besides: where the seller is, which decides the VAT."""

from pydantic import Field

from shared.contracts.values import Country
from shared.settings import InForce, ServiceSettings


class Settings(ServiceSettings):
    """Everything orders must be told."""

    seller_country: Country = Field(
        default="FR", description="The country the shop sells from, ISO 3166-1; its VAT rates apply."
    )


in_force = InForce[Settings]()
use, current = in_force.use, in_force.current
