# One image per service: docker build --build-arg SERVICE=orders .
# It holds Python, that service's locked dependencies, shared/ and the service itself, and nothing else.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/courtier/bin:$PATH
RUN python -m venv --without-pip /opt/courtier \
    && useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin courtier
WORKDIR /srv

ARG SERVICE
ENV SERVICE=${SERVICE}

# The dependencies change seldom: a layer of their own.
COPY deploy/requirements/${SERVICE}.txt /opt/courtier/requirements.txt
RUN pip --python /opt/courtier/bin/python install --require-hashes --only-binary :all: -r /opt/courtier/requirements.txt

COPY alembic.ini alembic.ini
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
# chmod: a clone made under a strict umask would be unreadable to the user below.
RUN chmod -R a+rX . && python -m compileall -q shared services
# What a service keeps on disk itself, on a volume; the folder's owner is what a new one mounted there begins with.
RUN install -d -o courtier /var/lib/courtier

# A number, so that an orchestrator can tell that it is not root.
USER 10001
EXPOSE 8000
# exec: the server is process 1 and hears docker's SIGTERM itself. Not behind an init: the server ends by raising the
# signal it stopped for, which process 1 survives to exit with 0, and any other would report as 143.
CMD ["sh", "-c", "exec uvicorn --factory services.$SERVICE.app:create_app --host 0.0.0.0 --port 8000 --loop uvloop --http httptools --no-access-log --no-server-header --no-proxy-headers --timeout-graceful-shutdown 10"]
# In bash, since starting Python this often in every replica would cost more than the services at rest.
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
