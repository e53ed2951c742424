// Remembers the chosen colours; without scripts the choice holds for one page.
"use strict";
(function () {
  var key = "paperstrata-theme";
  function stored() {
    try { return localStorage.getItem(key) || "auto"; } catch (error) { return "auto"; }
  }
  function apply(theme) {
    document.documentElement.dataset.theme = theme;
  }
  apply(stored());
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("input[name=theme]").forEach(function (input) {
      input.checked = input.value === stored();
      input.addEventListener("change", function () {
        apply(input.value);
        try { localStorage.setItem(key, input.value); } catch (error) { /* this page only */ }
      });
    });
  });
})();
