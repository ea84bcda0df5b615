// Fetches the status again and again; says so when the gateway no longer answers, instead of showing old figures as new.
const everyMs = 2000;
const stale = document.getElementById("stale");
let answeredAt = new Date();

async function refresh() {
  const answer = await fetch("/fragment", { credentials: "same-origin", signal: AbortSignal.timeout(8000) });
  if (answer.status === 401) {
    location.assign("/login");
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("status");
  document.getElementById("status").replaceWith(fresh);
  answeredAt = new Date();
  stale.hidden = true;
}

async function run() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (document.hidden) continue;
    try {
      await refresh();
    } catch {
      stale.textContent = stale.dataset.text.replace("\u0001", answeredAt.toLocaleTimeString());
      stale.hidden = false;
      document.getElementById("status").classList.add("stale-status");
    }
  }
}

void run();
