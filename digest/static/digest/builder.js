// Tries a topic again while it is typed: the form's own answer, put into the page.
// Without it the button "Try it" does the same.
(function () {
  "use strict";
  var PAUSE = 700; // milliseconds without a key
  var form = document.getElementById("builder");
  var tried = document.getElementById("tried");
  var status = document.getElementById("tried-status");
  if (!form || !tried || !window.fetch || !window.AbortController) return;
  var button = form.querySelector("[name=try]");
  var timer = null;
  var running = null;

  function hasWords() {
    return ["wish", "query", "examples"].some(function (name) {
      return new FormData(form).getAll(name).some(function (value) {
        return value.trim();
      });
    });
  }

  function show(answer) {
    var found = new DOMParser().parseFromString(answer, "text/html");
    var trial = found.getElementById("trial");
    tried.classList.toggle("tried--stale", !trial);
    if (!trial) return; // what is typed cannot be read yet
    tried.replaceChildren(document.adoptNode(trial));
    status.textContent = tried.querySelector("[data-summary]").textContent;
    var places = form.querySelectorAll(".slider__place > span");
    found.querySelectorAll(".slider__place > span").forEach(function (place, at) {
      places[at].replaceWith(document.adoptNode(place));
    });
  }

  function send() {
    if (running) running.abort();
    if (!hasWords()) return;
    var mine = (running = new AbortController());
    var typed = new FormData(form);
    typed.delete("library");
    typed.append("try", "1");
    tried.setAttribute("aria-busy", "true");
    fetch(window.location.href, { method: "POST", body: typed, signal: mine.signal })
      .then(function (response) {
        return response.ok && !response.redirected ? response.text() : "";
      })
      .then(show)
      .catch(function () {
        // Offline, or typed on meanwhile: the button is still there.
      })
      .finally(function () {
        if (running !== mine) return;
        running = null;
        tried.removeAttribute("aria-busy");
      });
  }

  form.addEventListener("input", function (event) {
    if (event.target.name === "name" || event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("change", function (event) {
    if (event.target.type === "file" && event.target.value) form.requestSubmit(button);
  });
  form.addEventListener("submit", function () {
    clearTimeout(timer);
    if (running) running.abort();
  });
  // Somebody may have typed before this was loaded.
  var isTyped = Array.prototype.some.call(form.querySelectorAll("textarea"), function (area) {
    return area.value !== area.defaultValue;
  });
  if (isTyped || form.hasAttribute("data-filled-in")) send();
})();
