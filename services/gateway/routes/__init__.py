"""One file per resource; each operation is one ask, or one gather of asks."""

from services.gateway.routes import (
    accounts,
    agent_groups,
    agents,
    categories,
    commissions,
    companies,
    customer_groups,
    customers,
    events,
    health,
    mails,
    me,
    operations,
    orders,
    pages,
    prices,
    products,
    sales_settings,
    sessions,
    stock,
)

# What is asked most comes first: a request is compared with one route after another.
ROUTERS = tuple(
    module.router
    for module in (
        products,
        orders,
        sessions,
        me,
        customers,
        agents,
        categories,
        stock,
        prices,
        commissions,
        companies,
        customer_groups,
        agent_groups,
        sales_settings,
        accounts,
        mails,
        events,
        operations,
        health,
        pages,
    )
)
