"""The settings of `make run` and of `DEBUG=1 manage.py`: the site's own, with what production must be given added."""

from devtools import defaults

defaults.fill()

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import INSTALLED_APPS, SECOND_FACTOR_EXEMPT  # noqa: E402

INSTALLED_APPS += ["devtools"]
SECOND_FACTOR_EXEMPT += defaults.PEOPLE
