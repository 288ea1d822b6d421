"""/v1/companies: the businesses that customers buy for."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import created, listed, shown
from services.gateway.deps import Ask, Asked, Sent
from services.gateway.routing import refusing, resource
from shared.contracts.customers.companies import (
    CompanyIdentifierInvalid,
    CompanyNotFound,
    CreateCompany,
    GetCompany,
    ListCompanies,
)

router = resource("/companies", "companies")


@router.get("")
async def list_companies(request: Request, query: Asked[ListCompanies], ask: Ask) -> Response:
    """List companies."""
    return listed(await ask.forward(query), request)


@router.post("", status_code=201, responses=refusing(CompanyIdentifierInvalid, CompanyNotFound))
async def create_company(command: Sent[CreateCompany], ask: Ask) -> Response:
    """Record a company."""
    return created(await ask.forward(command), "/v1/companies/{id}")


@router.get("/{id}", responses=refusing(CompanyNotFound))
async def get_company(query: Asked[GetCompany], ask: Ask) -> Response:
    """Show a company."""
    return shown(await ask.forward(query))
