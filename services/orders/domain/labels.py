"""What an order's state is called in French, as its customer reads it (rules 3.13)."""

from shared.contracts.orders.states import FulfilmentStatus, OrderStatus, PaymentMethod, PaymentStatus

ORDER = {
    OrderStatus.DRAFT: "Brouillon",
    OrderStatus.PENDING_APPROVAL: "En attente de validation",
    OrderStatus.CANCELLED: "Annulée",
}
PAYMENT = {
    PaymentStatus.AWAITING: "En attente de paiement",
    PaymentStatus.AUTHORIZED: "Paiement autorisé",
    PaymentStatus.PARTIALLY_PAID: "Partiellement payée",
    PaymentStatus.PAID: "Paiement reçu",
    PaymentStatus.FAILED: "Erreur de paiement",
    PaymentStatus.PARTIALLY_REFUNDED: "Partiellement remboursée",
    PaymentStatus.REFUNDED: "Remboursée",
    PaymentStatus.VOIDED: "Annulée",
}
FULFILMENT = {
    FulfilmentStatus.BACKORDERED: "En réapprovisionnement",
    FulfilmentStatus.PREPARING: "En cours de préparation",
    FulfilmentStatus.PARTIALLY_SHIPPED: "Partiellement envoyée",
    FulfilmentStatus.SHIPPED: "Commande envoyée",
    FulfilmentStatus.DELIVERED: "Livrée",
    FulfilmentStatus.PARTIALLY_RETURNED: "Partiellement retournée",
    FulfilmentStatus.RETURNED: "Retournée",
}
AWAITING_TRANSFER = "En attente de virement"
# News about the money that matters more to the customer than where the goods are.
PAYMENT_FIRST = (PaymentStatus.FAILED, PaymentStatus.PARTIALLY_REFUNDED)


def label(order: OrderStatus, payment: PaymentStatus, fulfilment: FulfilmentStatus, method: PaymentMethod) -> str:
    """Return the one word for three axes: the end of a sale first, then its goods, then its money."""
    if payment is PaymentStatus.REFUNDED:
        return PAYMENT[payment]
    if order in ORDER:
        return ORDER[order]
    if fulfilment in FULFILMENT and payment not in PAYMENT_FIRST:
        return FULFILMENT[fulfilment]
    if payment is PaymentStatus.AWAITING and method is PaymentMethod.BANK_TRANSFER:
        return AWAITING_TRANSFER
    return PAYMENT[payment]
