// Solves the proof of work that the carding guard asks for (ALTCHA, version 2, PBKDF2) and sends the form again if it was held back.
const form = document.querySelector("[data-once]");
const asked = document.getElementById("challenge");
const held = document.querySelector("[data-challenge]");

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array(nonce.length / 2 + 4);
  password.set(bytes(nonce));
  new DataView(password.buffer).setUint32(nonce.length / 2, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  return hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost }, key, keyLength * 8));
}

async function solve(challenge) {
  for (let counter = 0; ; counter += 8) {
    const keys = await Promise.all(Array.from({ length: 8 }, (_, at) => derive(challenge.parameters, counter + at)));
    const found = keys.findIndex((key) => key.startsWith(challenge.parameters.keyPrefix));
    if (found >= 0) return btoa(JSON.stringify({ challenge, solution: { counter: counter + found, derivedKey: keys[found] } }));
  }
}

if (asked && crypto.subtle) {
  held?.focus();
  const solution = solve(JSON.parse(asked.textContent)).then((payload) => { form.elements.solution.value = payload; });
  form.addEventListener("submit", async (event) => {
    if (form.elements.solution.value) return;
    event.preventDefault();
    await solution;
    form.requestSubmit();
  });
  if (held) solution.then(() => form.requestSubmit());
}
