"""The gateway: the one door through which everybody outside speaks to the house.

It owns the shape of the public HTTP API: resources, status codes, headers, limits, OpenAPI and its documentation
page, and the stream of events for staff. It keeps no data and no rules: each route is one question to the service
that owns the answer, or a gather of such questions. It decides nobody's rights: it hands the caller's token on, and
the owners decide. Only the event stream, which no owner answers, it checks by itself.
"""
