// Passkeys: each form[data-passkey] asks the device for a credential and submits it. Without a script the form stays hidden.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (credentials) => credentials?.map((each) => ({ ...each, id: bytes(each.id) }));

/** Return the credential as JSON that the server can parse. */
function toJson(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response(credential.response) },
  };
}

async function create({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      // A discoverable credential behind the screen lock: it signs in without address and password.
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    },
  });
  return toJson(credential, (response) => ({
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  }));
}

async function get({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
  return toJson(credential, (response) => ({
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  }));
}

async function signIn(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return get((await response.json()).request_options);
}

function request(form) {
  if (form.dataset.passkey === "login") return signIn(form);
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  return form.dataset.passkey === "create" ? create(options) : get(options);
}

const MESSAGES = {
  InvalidStateError: "This device has a passkey for your account already.",
  NotAllowedError: "Nothing came of it: it took too long, was cancelled, or this device has no passkey for us.",
};

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const problem = form.querySelector("[role=alert]");
  problem.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await request(form));
    form.submit();
  } catch (error) {
    problem.textContent = MESSAGES[error.name] ?? "This browser cannot use a passkey here. Please take another way.";
    problem.hidden = false;
  }
}

if (navigator.credentials && window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", submit);
  }
}
