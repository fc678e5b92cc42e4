"""Settings of `make run` and `DEBUG=1 manage.py`: the site's own, with development's values where none are given."""

from devtools import defaults

defaults.set_environment()

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DEBUG, INSTALLED_APPS, SECOND_FACTOR_EXEMPT  # noqa: E402

INSTALLED_APPS += ["devtools"]
if DEBUG:
    SECOND_FACTOR_EXEMPT += defaults.PEOPLE
