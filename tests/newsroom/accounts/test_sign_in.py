"""People sign in by password, code, passkey and second factor, and guessers are kept out."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from newsroom.accounts.second_factors import NOTIFY_RESET
from newsroom.accounts.session_store import stored_keys
from newsroom.models import Session, User
from newsroom.tasks import delete_expired, notify_second_factor_reset
from tests.concurrency import closing, until_waiting

PASSWORD = "a-good-password"
WRONG = "This address and password do not belong together."
ENOUGH = "That was too often, too fast."


@pytest.fixture
def known(reader: User) -> User:
    """A reader whose address is confirmed."""
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    return reader


def _sign_in(client: Client, person: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": password, **more})


def _code(message: Any) -> str:
    found = re.search(r"^\s*([A-Z]{4}-[A-Z]{4})\s*$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def _shown_by_the_app(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


# What each door answers, whether or not there is such an account

DOORS: dict[str, Callable[[Client, str], Any]] = {
    "sign in": lambda client, email: client.post("/accounts/login/", {"login": email, "password": "not-the-password"}),
    "sign up": lambda client, email: client.post(
        "/accounts/signup/", {"email": email, "password1": "blue-houseboat-7"}
    ),
    "code": lambda client, email: client.post("/accounts/login/code/", {"email": email}),
    "new password": lambda client, email: client.post("/accounts/password/reset/", {"email": email}),
}


def _told(response: Any, email: str) -> tuple[int, str, str]:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(email, "…")
    return response.status_code, response.get("Location", ""), page


@pytest.mark.parametrize("door", DOORS)
def test_no_door_tells_whether_there_is_an_account(door: str, known: User) -> None:
    answers, letters = [], []
    for email in (known.email, "nobody@example.org"):
        mail.outbox.clear()
        client = Client()
        response = DOORS[door](client, email)
        told = [_told(response, email)]
        if response.status_code == 302:
            told.append(_told(client.get(response["Location"]), email))
            told.append(_told(client.post(response["Location"], {"code": "WRON-GONE"}), email))
        answers.append(told)
        letters.append([message.to for message in mail.outbox])
    assert answers[0] == answers[1]
    assert letters == ([[], []] if door == "sign in" else [[[known.email]], [["nobody@example.org"]]])


class Counting(MD5PasswordHasher):
    """Count password hashes: making them takes most of a sign-in's time."""

    times = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.times += 1
        return str(super().encode(password, salt))


@pytest.mark.parametrize("door", DOORS)
@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_no_door_tells_it_by_the_time_it_takes(door: str, known: User) -> None:
    work = []
    for email in (known.email, "nobody@example.org"):
        Counting.times = 0
        DOORS[door](Client(), email)
        work.append(Counting.times)
    assert work[0] == work[1]


def test_a_reader_comes_in_by_a_code_that_holds_once(known: User) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": known.email, "next": "/comments/mine/"})
    code = _code(mail.outbox[0])
    response = client.post(
        "/accounts/login/code/confirm/", {"code": code.lower().replace("-", " "), "next": "/comments/mine/"}
    )
    assertRedirects(response, "/comments/mine/")
    client.post("/accounts/logout/")
    assertRedirects(client.post("/accounts/login/code/confirm/", {"code": code}), "/accounts/login/code/")


@pytest.mark.parametrize("email", ["reader@example.org", "nobody@example.org"])
def test_whoever_asks_for_another_code_is_told_that_it_is_sent(email: str, client: Client, known: User) -> None:
    said = "Another code is on its way."
    page = DOORS["code"](client, email)["Location"]
    assertNotContains(client.get(page), said)
    assertContains(client.post(page, {"action": "resend"}, follow=True), said)


# Guessing


def test_a_strangers_guesses_do_not_lock_the_owner_out(known: User) -> None:
    own = Client()
    assertRedirects(_sign_in(own, known), "/account/")
    own.post("/accounts/logout/")
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(5):
        assertContains(_sign_in(stranger, known, "a-guess"), WRONG)
    assertContains(_sign_in(stranger, known, "a-guess"), ENOUGH)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assertContains(_sign_in(elsewhere, known), ENOUGH)  # each network alone would be five guesses more
    assertRedirects(_sign_in(own, known), "/account/")  # a device that the owner has used
    elsewhere.post("/accounts/login/code/", {"email": known.email})  # or by mail, from anywhere
    response = elsewhere.post("/accounts/login/code/confirm/", {"code": _code(mail.outbox[-1])})
    assertRedirects(response, "/account/")


def test_a_whole_networks_guesses_do_not_shut_out_a_device_of_the_owner(known: User, editor: User) -> None:
    """Thousands share one carrier's address."""
    own = Client()
    _sign_in(own, known)
    own.post("/accounts/logout/")
    for number in range(40):
        Client().post("/accounts/login/", {"login": f"{number}@example.org", "password": "a-guess"})
        Client().post("/accounts/login/code/", {"email": f"{number}@example.org"})
    assert "too often" in _sign_in(Client(), known).content.decode()
    assertRedirects(_sign_in(own, known), "/account/")
    own.post("/accounts/logout/")
    assert _sign_in(own, editor).status_code in (200, 429)  # for others' accounts it is one of the network
    for _ in range(5):
        _sign_in(own, known, "a-guess")
    assertContains(_sign_in(own, known, "a-guess"), ENOUGH)  # and what is known has its limit too


def test_the_cookie_of_a_device_tells_nothing(known: User) -> None:
    values = []
    for _ in range(2):
        client = Client()
        _sign_in(client, known)
        values.append(client.cookies["device"].value)
    assert values[0] != values[1]
    assert all(re.fullmatch("[0-9a-f]{48}", value) for value in values)


def test_a_way_to_prove_oneself_that_allauth_adds_later_is_shown_by_its_name(
    known: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = [{"id": "reauthenticate_by_code", "url": "/accounts/x/", "description": ""}]
    before = DefaultAccountAdapter.get_reauthentication_methods
    monkeypatch.setattr(
        DefaultAccountAdapter, "get_reauthentication_methods", lambda self, user: [*before(self, user), *added]
    )
    client = Client()
    client.force_login(known)
    for page in ("/account/", "/account/export/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"):
        assert client.get(page).status_code in (200, 302)
    assertContains(client.get("/accounts/reauthenticate/"), "reauthenticate by code")


def test_a_device_is_known_for_its_owner_alone(known: User, editor: User) -> None:
    client = Client()
    _sign_in(client, known)
    client.post("/accounts/logout/")
    stranger = Client()
    for _ in range(5):
        _sign_in(stranger, editor, "a-guess")
    assertContains(_sign_in(client, editor, "a-guess"), ENOUGH)
    client.cookies["device"] = "made-up"
    assertContains(_sign_in(client, known, "a-guess"), WRONG)


def test_what_is_counted_is_shared_names_nobody_and_is_forgotten(known: User) -> None:
    _sign_in(Client(REMOTE_ADDR="203.0.113.9"), known, "a-guess")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM newsroom_counter")
        rows = cursor.fetchall()
        assert rows  # in the database: for all processes
        assert "203.0.113.9" not in str(rows)
        assert known.email not in str(rows)
        cursor.execute("UPDATE newsroom_counter SET expires = now() - interval '1 minute'")
        delete_expired(timestamp=0)
        cursor.execute("SELECT count(*) FROM newsroom_counter")
        assert cursor.fetchone() == (0,)


def test_who_asks_for_codes_too_often_is_told_to_wait(known: User) -> None:
    answers = [Client().post("/accounts/login/code/", {"email": known.email}) for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [302, 302, 302]
    assertContains(answers[3], ENOUGH)
    assert len(mail.outbox) == 3


# What opens an account is not changed without proof: whoever finds a browser open must not make a door of their own

WAYS_IN = {
    "address": ("/accounts/email/", {"email": "thief@example.net", "action_add": "1"}),
    "no address": ("/accounts/email/", {"email": "second@example.org", "action_remove": "1"}),
    "other first address": ("/accounts/email/", {"email": "second@example.org", "action_primary": "1"}),
    "password": ("/accounts/password/set/", {"password1": "blue-houseboat-7", "password2": "blue-houseboat-7"}),
    "passkey": ("/accounts/2fa/webauthn/add/", {"name": "Thief's", "credential": "{}"}),
    "app": ("/accounts/2fa/totp/activate/", {"code": "123456"}),
}


@pytest.mark.parametrize("proves_by", ["a password", "an app", "signing in anew"])
@pytest.mark.parametrize("what", WAYS_IN)
def test_no_way_in_is_changed_without_proof(what: str, proves_by: str, known: User) -> None:
    EmailAddress.objects.create(user=known, email="second@example.org", verified=True)
    if proves_by != "a password":
        known.set_unusable_password()
        known.save()
    if proves_by == "an app":
        TOTP.activate(known, "A" * 32)
    client = Client()
    client.force_login(known)
    before = list(EmailAddress.objects.values())
    path, form = WAYS_IN[what]
    doors = {"a password": "/accounts/reauthenticate/", "an app": "/accounts/2fa/reauthenticate/"}
    for response in (client.get(path), client.post(path, form)):
        assert response["Location"].startswith(doors.get(proves_by, f"/accounts/login/?next={path}"))
    known.refresh_from_db()
    assert list(EmailAddress.objects.values()) == before
    assert known.has_usable_password() is (proves_by == "a password")
    assert mail.outbox == []


def test_an_address_is_changed_with_proof_and_each_step_told_to_the_old_one(known: User) -> None:
    client = Client()
    _sign_in(client, known)
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    client.post("/accounts/confirm-email/", {"code": _code(mail.outbox[-1])})
    client.post("/accounts/email/", {"email": "new@example.org", "action_primary": "1"})
    known.refresh_from_db()
    assert known.email == "new@example.org"
    assert [(message.to, message.subject) for message in mail.outbox[1:]] == [
        (["reader@example.org"], "An e-mail address was added"),
        (["reader@example.org"], "Your e-mail address was changed"),
    ]
    assert "new@example.org was added to your account" in str(mail.outbox[1].body)


def test_letters_lead_to_the_site_whatever_host_was_asked_for_them(known: User) -> None:
    client = Client(HTTP_HOST="testserver:1337")
    client.post("/accounts/password/reset/", {"email": known.email})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    client.post("/accounts/signup/", {"email": known.email, "password1": "blue-houseboat-7"})
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert "http://testserver/" in str(message.body)
        assert "1337" not in str(message.message())
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    assertContains(client.get(link[1], follow=True), "Choose a new password")


# The desk


@pytest.fixture
def new_editor(editor: User) -> User:
    """An editor without a second factor."""
    Authenticator.objects.all().delete()
    EmailAddress.objects.create(user=editor, email=editor.email, primary=True, verified=True)
    return editor


def test_the_desk_is_entered_by_the_readers_door_and_a_second_step(new_editor: User) -> None:
    client = Client()
    wanted = "/admin/articles/article/?status=draft"
    response = client.get(wanted, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    response = client.post(
        "/accounts/login/", {"login": new_editor.email, "password": PASSWORD, "next": wanted}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/accounts/2fa/"
    assertContains(response, "it opens only to those with a second step")

    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    page = client.post(
        "/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}, follow=True
    )
    secret = page.context["form"].secret
    response = client.post("/accounts/2fa/totp/activate/", {"code": _shown_by_the_app(secret)}, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assertContains(response, f'href="{wanted}">Go on to the desk')
    assert client.get(wanted).status_code == 200
    recovery = response.context["unused_codes"]

    # From now on a password is not enough; a recovery code is, once.
    for code, opened in ((recovery[0], True), (recovery[0], False), (recovery[1], True)):
        another = Client()
        response = another.post("/accounts/login/", {"login": new_editor.email, "password": PASSWORD, "next": wanted})
        assertRedirects(response, "/accounts/2fa/authenticate/")
        assert another.get(wanted).status_code == 302
        response = another.post("/accounts/2fa/authenticate/", {"code": code})
        assert (response.get("Location") == wanted) is opened
    for secret_text in (secret, *recovery):
        assert secret_text not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_desks_door_leads_nowhere_else(wanted: str, editor: User, new_editor: User) -> None:
    client = Client()
    client.force_login(editor)
    client.get("/admin/login/", {"next": wanted})
    assert client.session["desk_wanted"] == "/admin/"
    TOTP.activate(editor, "A" * 32)
    assertRedirects(client.get("/admin/login/", {"next": wanted}), "/admin/")


@pytest.mark.parametrize("exempt", [True, False])
def test_only_those_who_are_exempt_need_no_second_factor(exempt: bool, new_editor: User) -> None:
    other = User.objects.create_user("another@example.org", is_staff=True)
    with override_settings(SECOND_FACTOR_EXEMPT=[new_editor.email] if exempt else []):
        assert new_editor.lacks_second_factor() is not exempt
        assert other.lacks_second_factor()


def _passkey(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone", "credential": {}})


@pytest.mark.parametrize("last", ["webauthn", "totp"])
def test_staff_keep_their_last_second_step(last: str, new_editor: User, known: User) -> None:
    for person, kept in ((new_editor, True), (known, False)):
        client = Client()
        _sign_in(client, person)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        if last == "webauthn":
            path = f"/accounts/2fa/webauthn/keys/{_passkey(person).pk}/remove/"
        else:
            TOTP.activate(person, "A" * 32)
            path = "/accounts/2fa/totp/deactivate/"
        page = client.get(path, follow=True)
        said = "one second step must remain" in page.content.decode()
        client.post(path)
        assert person.second_factors().exists() is kept
        assert said is kept


def test_one_of_two_second_steps_may_go(editor: User) -> None:
    client = Client()
    client.force_login(editor)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    passkey = _passkey(editor)
    client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/")
    assert [factor.type for factor in editor.second_factors()] == ["totp"]


def test_nobody_removes_anothers_passkey(reader: User, editor: User) -> None:
    client = Client()
    client.force_login(reader)
    passkey = _passkey(editor)
    for path in ("remove", "edit"):
        assert client.post(f"/accounts/2fa/webauthn/keys/{passkey.pk}/{path}/", {"name": "Mine"}).status_code in (
            302,
            404,
        )
    passkey.refresh_from_db()
    assert passkey.data["name"] == "Phone"


def test_a_publisher_helps_a_colleague_who_lost_the_phone(editor: User, publisher: User) -> None:
    lost = Client()
    lost.force_login(editor)
    client = Client()
    client.force_login(publisher)
    boss = User.objects.create_superuser("boss@example.org", PASSWORD)
    TOTP.activate(boss, "A" * 32)
    people = {"action": "reset_second_factor", "_selected_action": [editor.pk, boss.pk]}
    response = client.post("/admin/newsroom/user/", people, follow=True)
    assertContains(response, "Tariq has no second step now")
    assertContains(response, "You may not change boss@example.org.")
    assert editor.lacks_second_factor()
    assert not boss.lacks_second_factor()
    assert lost.get("/account/").status_code == 302
    assert LogEntry.objects.get().change_message == "Second step taken away by Yusuf."
    assert mail.outbox == []
    job = ProcrastinateJob.objects.get(task_name=NOTIFY_RESET)
    notify_second_factor_reset(**job.args)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([editor.email], "Your second step was taken away")
    assert str(message.body).startswith("Yusuf has taken your passkeys")
    assert "At the next sign-in the desk asks you" in message.body


def test_the_desk_has_no_door_of_its_own_to_passwords_and_addresses(publisher: User, known: User) -> None:
    client = Client()
    client.force_login(publisher)
    assertRedirects(client.get("/admin/password_change/"), "/accounts/password/change/")
    person = f"/admin/newsroom/user/{known.pk}"
    page = client.get(f"{person}/change/")
    assertContains(page, known.email)
    assertNotContains(page, "salt")
    changed = {"email": "thief@example.net", "name": "Asma", "is_active": "on"}
    assertRedirects(client.post(f"{person}/change/", changed), "/admin/newsroom/user/")
    guess = {"usable_password": "true", "password1": "blue-houseboat-7", "password2": "blue-houseboat-7"}
    client.post(f"{person}/password/", guess, follow=True)
    assert client.get("/admin/newsroom/user/", {"password__startswith": "md5"}).status_code == 400
    known.refresh_from_db()
    assert (known.email, known.check_password(PASSWORD)) == ("reader@example.org", True)


def test_a_new_colleague_comes_in_by_a_code_and_no_password_is_known_to_anybody(publisher: User) -> None:
    client = Client()
    client.force_login(publisher)
    client.post(
        "/admin/newsroom/user/add/", {"email": "New@example.org", "name": "New", "password1": "blue-houseboat-7"}
    )
    person = User.objects.get(email="new@example.org")
    assert not person.has_usable_password()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    own = Client()
    own.post("/accounts/login/code/", {"email": person.email, "next": "/admin/"})
    code = {"code": _code(mail.outbox[-1]), "next": "/admin/"}
    assertContains(
        own.post("/accounts/login/code/confirm/", code, follow=True), "it opens only to those with a second step"
    )
    assertContains(own.get("/accounts/2fa/webauthn/add/"), "Add a passkey")


def test_who_has_an_app_alone_is_not_asked_for_a_passkey(known: User) -> None:
    TOTP.activate(known, "A" * 32)
    client = Client()
    page = client.get(_sign_in(client, known)["Location"])
    assertContains(page, "Type the code that your app shows.")
    assertNotContains(page, "Use your passkey")


def test_an_operator_helps_at_the_command_line(editor: User) -> None:
    call_command("reset_second_factor", "Editor@Example.org")
    assert editor.lacks_second_factor()
    notify_second_factor_reset(**ProcrastinateJob.objects.get(task_name=NOTIFY_RESET).args)
    assert str(mail.outbox[0].body).startswith("The operator has taken")
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("reset_second_factor", "nobody@example.org")


# Broken answers

_PART = '"id": "AA", "rawId": "AA", "type": "public-key"'
BROKEN = [
    *("", "{", "null", "1", "[]", "{}", '{"id": 1}', f"{{{_PART}}}", f'{{{_PART}, "response": []}}'),
    '{"response": {"userHandle": null}}',
    '{"response": {"userHandle": "MQ"}}',
    f'{{{_PART}, "response": {{"userHandle": "MQ", "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}}}}',
    f'{{{_PART}, "response": {{"clientDataJSON": "e30", "attestationObject": "oA"}}, "clientExtensionResults": {{}}}}',
    "\0",
    "x" * 100_000,
    '{"a":' * 5000,
]


@pytest.mark.parametrize("answer", BROKEN, ids=[answer[:40] for answer in BROKEN])
def test_a_devices_broken_answer_is_told_in_words(answer: str, known: User) -> None:
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    assertRedirects(client.post("/accounts/2fa/webauthn/login/", {"credential": answer}), "/accounts/login/")
    client.force_login(known)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/webauthn/add/")
    assertContains(client.post("/accounts/2fa/webauthn/add/", {"credential": answer}), "Please look at this again.")
    assert not known.second_factors().exists()


# Sessions


def test_sessions_are_listed_and_ended_and_keep_no_network(known: User) -> None:
    firefox, chrome = (
        Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=agent)
        for agent in (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Linux; Android 15; SM-A155F) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
        )
    )
    _sign_in(firefox, known)
    _sign_in(chrome, known)
    page = firefox.get("/accounts/sessions/")
    assertContains(page, "Firefox on Linux")
    assertContains(page, "Chrome on Android")
    stored = str([list(Session.objects.values_list()), [session.get_decoded() for session in Session.objects.all()]])
    assert "Chrome on Android" in stored
    assert "SM-A155F" not in stored
    assert "203.0.113.9" not in stored
    firefox.post("/accounts/sessions/")
    assert chrome.get("/account/").status_code == 302
    assert firefox.get("/account/").status_code == 200


def test_one_session_is_ended_and_no_other_and_nobody_elses(known: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, primary=True, verified=True)
    here, phone, another, stranger = Client(), Client(), Client(), Client()
    for client, person in ((here, known), (phone, known), (another, known), (stranger, other)):
        _sign_in(client, person)
    ends = {
        client: f"/account/sessions/{stored_keys(str(client.session.session_key))[0]}/end/"
        for client in (here, phone, another, stranger)
    }
    assertContains(here.get("/accounts/sessions/"), ends[phone])
    assertNotContains(here.get("/accounts/sessions/"), ends[here])

    assertContains(here.post(ends[phone], follow=True), "You are signed out there: ")
    assertContains(here.post(ends[phone], follow=True), "You are not signed in there any more.")  # the same click again
    assertContains(here.post(ends[stranger], follow=True), "You are not signed in there any more.")
    here.post(ends[here])

    assert phone.get("/account/").status_code == 302
    assert [client.get("/account/").status_code for client in (here, another, stranger)] == [200, 200, 200]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_account_that_is_opened_twice_at_once_is_one() -> None:
    sign_up = partial(DOORS["sign up"], Client(raise_request_exception=False), "asma@example.org")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        User.objects.create_user("asma@example.org", PASSWORD)
        second = pool.submit(closing, sign_up)
        until_waiting(second)
    assertRedirects(second.result(), "/accounts/confirm-email/", fetch_redirect_response=False)
    assert User.objects.count() == 1
    assert [message.subject for message in mail.outbox] == ["Your account"]
