import pytest

from services.orders.domain.labels import label
from shared.contracts.orders.states import FulfilmentStatus as F
from shared.contracts.orders.states import OrderStatus, PaymentMethod
from shared.contracts.orders.states import PaymentStatus as P

CASES = [
    (OrderStatus.DRAFT, P.AWAITING, F.UNFULFILLED, "Brouillon"),
    (OrderStatus.PENDING_APPROVAL, P.AWAITING, F.UNFULFILLED, "En attente de validation"),
    (OrderStatus.CONFIRMED, P.AWAITING, F.UNFULFILLED, "En attente de virement"),
    (OrderStatus.CONFIRMED, P.PARTIALLY_PAID, F.UNFULFILLED, "Partiellement payée"),
    (OrderStatus.CONFIRMED, P.PAID, F.UNFULFILLED, "Paiement reçu"),
    (OrderStatus.CONFIRMED, P.FAILED, F.UNFULFILLED, "Erreur de paiement"),
    (OrderStatus.CONFIRMED, P.PAID, F.BACKORDERED, "En réapprovisionnement"),
    (OrderStatus.PROCESSING, P.PAID, F.PREPARING, "En cours de préparation"),
    (OrderStatus.PROCESSING, P.FAILED, F.PREPARING, "Erreur de paiement"),
    (OrderStatus.PROCESSING, P.AWAITING, F.SHIPPED, "Commande envoyée"),
    (OrderStatus.COMPLETED, P.PAID, F.DELIVERED, "Livrée"),
    (OrderStatus.CANCELLED, P.VOIDED, F.UNFULFILLED, "Annulée"),
    (OrderStatus.CANCELLED, P.PAID, F.UNFULFILLED, "Annulée"),
    (OrderStatus.CANCELLED, P.REFUNDED, F.UNFULFILLED, "Remboursée"),
    (OrderStatus.COMPLETED, P.REFUNDED, F.RETURNED, "Remboursée"),
]


@pytest.mark.parametrize(("order", "payment", "fulfilment", "word"), CASES)
def test_a_customer_reads_one_word_for_three_axes(order: OrderStatus, payment: P, fulfilment: F, word: str) -> None:
    assert label(order, payment, fulfilment, PaymentMethod.BANK_TRANSFER) == word


def test_every_combination_has_a_label() -> None:
    method = PaymentMethod.BANK_TRANSFER

    assert all(label(order, payment, goods, method) for order in OrderStatus for payment in P for goods in F)
