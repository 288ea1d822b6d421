"""Run the commands: `python -m devstack up`."""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until there is something to stop, Ctrl-C just ends us
    from devstack.commands import app
    from devstack.failing import Failed, written_down
    from devstack.services import ROOT

    try:
        app()
    except Failed as failure:
        sys.exit(str(failure))
    except OSError as error:
        sys.exit(f"{error.filename or 'This machine'}: {error.strerror}. Mend that and try again.")
    except Exception as error:
        sys.exit(f"This should not happen, please report it. {written_down(error, ROOT / '.data' / 'error.log')}")
