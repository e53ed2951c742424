// The search: a script a quarter holds its papers; the newest is loaded first, the others after it.
"use strict";
(function () {
  var form = document.getElementById("search");
  var words = document.getElementById("words");
  var said = document.getElementById("said");
  var found = document.getElementById("found");
  var quarters = form.dataset.quarters.split(",").filter(Boolean).map(function (part) {
    var pair = part.split(":");
    return { name: pair[0], papers: Number(pair[1]) };
  });
  var total = quarters.reduce(function (sum, one) { return sum + one.papers; }, 0);
  var shown = 50;
  var loaded = 0;
  var papers = [];
  var newest = "";
  // words that the index leaves out, and so must a question
  var common = new Set(form.dataset.common.split(" "));
  var index = new MiniSearch({
    processTerm: function (term) {
      var folded = term.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      return folded.length < 2 || common.has(folded) ? null : folded;
    },
    fields: ["title", "authors", "topics", "text"],
    idField: "id",
    extractField: function (row, name) {
      if (name === "id") { return row.id; }
      return row.cells[{ title: 1, authors: 2, topics: 3, text: 6 }[name]];
    },
    searchOptions: {
      boost: { title: 4, topics: 2, authors: 2 },
      prefix: function (term) { return term.length > 2; },
      fuzzy: function (term) { return term.length > 5 ? 0.15 : false; },
      combineWith: "AND",
      // twice the weight for the newest, half of that for what is a year older
      boostDocument: function (id) { return recency(papers[id][4]); }
    }
  });

  function recency(day) {
    if (!day || !newest) { return 1; }
    var ageInYears = (Date.parse(newest) - Date.parse(day)) / 31557600000;
    return 1 + Math.pow(2, -ageInYears);
  }

  window.paperstrata = {
    add: function (quarter, rows) {
      var first = papers.length;
      rows.forEach(function (row) {
        papers.push(row);
        if (row[4] > newest) { newest = row[4]; }
      });
      index.addAll(rows.map(function (row, place) { return { id: first + place, cells: row }; }));
    }
  };

  function load(place) {
    if (place === quarters.length) { show(); return; }
    var script = document.createElement("script");
    script.src = "search/" + quarters[place].name + ".js";
    script.onload = function () {
      loaded += quarters[place].papers;
      show();
      setTimeout(load, 0, place + 1);
    };
    script.onerror = function () { said.textContent = "The papers of " + quarters[place].name + " could not be loaded."; };
    document.head.appendChild(script);
  }

  var months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  // 2026-11-09 as the other pages say it, 9 Nov 2026, in one line
  function day(date) {
    var parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
    return parts ? Number(parts[3]) + "\u00a0" + months[parts[2] - 1] + "\u00a0" + parts[1] : date;
  }

  function text(tag, className, content) {
    var made = document.createElement(tag);
    made.className = className;
    made.textContent = content;
    return made;
  }

  function show() {
    var asked = words.value.trim();
    var reach = loaded < total ? " in the " + loaded.toLocaleString("en") + " newest of " + total.toLocaleString("en") + " papers, more are being read" : " in " + total.toLocaleString("en") + " papers";
    found.replaceChildren();
    if (!asked) { said.textContent = total.toLocaleString("en") + " papers" + (loaded < total ? ", being read" : "") + "."; return; }
    var hits = index.search(asked);
    said.textContent = (hits.length === 1 ? "1 paper" : hits.length.toLocaleString("en") + " papers") + " found" + reach + (hits.length > shown ? "; the first " + shown + " are shown" : "") + ".";
    hits.slice(0, shown).forEach(function (hit) {
      var row = papers[hit.id];
      var item = document.createElement("li");
      var link = text("a", "title", row[1]);
      link.href = "papers/" + encodeURIComponent(row[0]) + ".html";
      item.append(link, " ", text("span", "meta", [row[2].length > 120 ? row[2].slice(0, 120) + " …" : row[2], row[3], day(row[4]), row[5] < 0 ? "votes unknown" : row[5] + (row[5] === 1 ? " vote" : " votes")].filter(Boolean).join(" · ")));
      found.append(item);
    });
  }

  function remember() {
    try { history.replaceState(null, "", words.value ? "#q=" + encodeURIComponent(words.value) : "#"); } catch (error) { /* of a file */ }
    show();
  }

  var given = /^#q=(.*)$/.exec(location.hash);
  if (given) { try { words.value = decodeURIComponent(given[1]); } catch (error) { /* not ours */ } }
  form.addEventListener("submit", function (event) { event.preventDefault(); remember(); });
  var waiting = 0;
  words.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(remember, 120); });
  load(0);
})();
