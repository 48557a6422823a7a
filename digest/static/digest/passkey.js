// Asks the browser for a passkey where a page has a button for it, by allauth's script.
"use strict";

(() => {
  const { signupForm, loginForm, authenticateForm } = window.allauth.webauthn.forms;

  if (document.getElementById("add_passkey")) {
    signupForm({
      ids: { signup: "add_passkey", credential: "id_credential", data: "js_data" },
    });
  }
  if (document.getElementById("passkey_login")) {
    loginForm({ ids: { login: "passkey_login", credential: "mfa_credential" } });
  }
  if (document.getElementById("passkey_reauthenticate")) {
    authenticateForm({
      ids: {
        authenticate: "passkey_reauthenticate",
        credential: "id_credential",
        data: "js_data",
      },
    });
  }
  // Cancelled, or none on this device: the page says so and nothing else happens.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("passkey_refused").hidden = false;
  });
})();
