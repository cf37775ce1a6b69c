/* What the handout adds to Leaflet: symbols with their words, names that do not cover each other, German buttons, paper. */
function qmSymbols(map, data) {
  const icons = data.pictures.map((url) => L.icon({ iconUrl: url, iconSize: [data.size, data.size], popupAnchor: [0, -data.size / 3] }));
  map.qmPictures = map.qmPictures || [];
  data.lat.forEach((lat, index) => {
    const words = data.text ? data.text[index] : null;
    const options = { icon: icons[data.picture[index]], keyboard: false, interactive: words !== null, alt: words ? data.alt[index] : "" };
    const marker = L.marker([lat, data.lon[index]], options).addTo(map);
    if (words) marker.bindPopup(words);
    map.qmPictures.push([marker.getElement(), data.size]);
  });
}

/* Symbols shrink far out, where they would hide the city and each other, as on the page. */
function qmScale(map) {
  const scale = Math.min(1, Math.max(0.5, 0.5 + (map.getZoom() - 11.5) * 0.125));
  for (const [picture, natural] of map.qmPictures || []) {
    const size = natural * scale;
    picture.style.width = picture.style.height = `${size}px`;
    picture.style.margin = `${-size / 2}px 0 0 ${-size / 2}px`;
  }
}

function qmLabels(map, data) {
  const icon = (text) => L.divIcon({ className: "label", html: `<span style="font-size:${data.size}px">${text}</span>` });
  const labels = data.lat.map((lat, index) =>
    L.marker([lat, data.lon[index]], { icon: icon(data.text[index]), interactive: false, keyboard: false, zIndexOffset: 10000 }).addTo(map));
  map.qmLabels = (map.qmLabels || []).concat(labels.map((label) => ({ label, from: data.from })));
}

/* Earlier labels win; one that would touch another is hidden until there is room. */
function qmMakeRoom(map) {
  const taken = [];
  for (const { label, from } of map.qmLabels || []) {
    const box = label.getElement();
    box.style.visibility = "";
    const now = box.firstElementChild.getBoundingClientRect();
    const touches = taken.some((one) => now.left < one.right && now.right > one.left && now.top < one.bottom && now.bottom > one.top);
    if (touches || map.getZoom() < from) box.style.visibility = "hidden";
    else taken.push(now);
  }
}

function qmReady(map, { words, bounds }) {
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", words.map);
  map.fitBounds(bounds, { animate: false });
  const settle = () => {
    qmScale(map);
    qmMakeRoom(map);
  };
  map.on("zoomend", settle);
  settle();
  /* Paper and window differ in size: what was looked at stays in the picture. */
  let shown = L.latLngBounds(bounds);
  let isFitting = false;
  map.on("moveend", () => {
    if (!isFitting) shown = map.getBounds();
  });
  const refit = () => {
    isFitting = true;
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(shown, { animate: false });
    settle();
    isFitting = false;
  };
  const onPaper = (isPaper) => {
    document.body.classList.toggle("paper", isPaper);
    refit();
  };
  window.addEventListener("beforeprint", () => onPaper(true));
  window.addEventListener("afterprint", () => onPaper(false));
  window.addEventListener("resize", refit);
}
