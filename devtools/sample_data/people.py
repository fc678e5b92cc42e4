"""Sample people: staff, and readers with an account. None of them has a password."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from devtools.sample_data.bulk_insert import bulk_insert
from devtools.sample_data.plan import DOMAIN, PERIOD, Plan
from newsroom.models import User

STAFF = 20


def fill(plan: Plan) -> None:
    """Create the people, and note their keys in the plan."""
    random = plan.random("people")
    columns = {
        User: "id password email name is_staff shows_support date_joined",
        EmailAddress: "id email verified primary user_id",
    }
    with bulk_insert(columns) as rows:
        for number in range(STAFF + plan.readers):
            pk, staff = rows.next_pk(User), number < STAFF
            email = f"{'desk' if staff else 'reader'}-{pk}@{DOMAIN}"
            joined = plan.now - PERIOD * random.random()
            name = f"{random.choice(plan.words).title()} {random.choice(plan.words).title()} (invented)"
            rows.add(User, pk, f"!{pk}", email, name, staff, number % 9 == 0, joined)
            rows.add(EmailAddress, rows.next_pk(EmailAddress), email, True, True, pk)
            (plan.staff if staff else plan.people).append(pk)
    reporters = Group.objects.get(name="Reporter")
    reporters.user_set.add(*plan.staff)
