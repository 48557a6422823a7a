// Puts the browser's time zone into an untouched field marked data-guess-zone.
(function () {
  "use strict";
  var zone;
  try {
    zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch (error) {
    return;
  }
  if (!zone) return;
  document.querySelectorAll("[data-guess-zone]").forEach(function (field) {
    if (field.tagName === "SELECT") {
      var known = Array.prototype.some.call(field.options, function (option) {
        return option.value === zone;
      });
      if (known) field.value = zone;
    } else if (field.value === field.defaultValue) {
      field.value = zone;
    }
  });
})();
