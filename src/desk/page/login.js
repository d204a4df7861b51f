// Sends name and password, and goes to the desk.
const form = document.getElementById('form');
form.onsubmit = async (event) => {
  event.preventDefault();
  const { name, password } = Object.fromEntries(new FormData(form));
  const body = JSON.stringify({ name, password });
  const answer = await fetch('/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  if (answer.ok) location.replace('/');
  else document.getElementById('status').textContent = (await answer.json()).detail;
};
