# One image per service: docker build --build-arg SERVICE=orders .
# It holds Python, that service's locked dependencies, shared/ and the service itself, and nothing else.
FROM python:3.11-slim-bookworm

ARG SERVICE
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    SERVICE=${SERVICE}
RUN python -m venv /opt/courtier && useradd --system --home-dir /srv --shell /usr/sbin/nologin courtier
ENV PATH=/opt/courtier/bin:$PATH
WORKDIR /srv

# The dependencies change seldom: a layer of their own.
COPY deploy/requirements/${SERVICE}.txt requirements.txt
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
COPY alembic.ini alembic.ini
RUN python -m compileall -q shared services

USER courtier
EXPOSE 8000
# exec: the server is process 1 and hears docker's SIGTERM itself.
CMD ["sh", "-c", "exec uvicorn --factory services.$SERVICE.app:create_app --host 0.0.0.0 --port 8000 --loop uvloop --http httptools --no-access-log --no-server-header --timeout-graceful-shutdown 10"]
HEALTHCHECK --interval=2s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
