// What the page adds to textual-serve's script, which draws the screen and talks to the program behind it.
"use strict";

(() => {
  const folder = location.origin + location.pathname;
  const faces = ["", "bold ", "italic ", "bold italic "];

  // Say why the screen has ended, where the server tells it.
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...told) {
      super(...told);
      this.addEventListener("open", () => document.querySelector(".xterm-helper-textarea").focus());
      this.addEventListener("message", (event) => {
        if (typeof event.data !== "string") return;
        const [kind, words, forGood] = JSON.parse(event.data);
        if (kind !== "ended") return;
        document.querySelector("#why").textContent = words;
        document.querySelector("#again").hidden = Boolean(forGood);
      });
    }
  };

  // Copying is the browser's to allow, and without https elsewhere than on this machine it never is: then say so.
  // Nothing that the program sends reads the clipboard.
  const { clipboard } = navigator;
  const copies = {
    readText: async () => "",
    writeText: async (text) => {
      const note = document.querySelector("#note");
      try {
        await clipboard.writeText(text);
        note.hidden = true;
      } catch {
        note.hidden = false;
        setTimeout(() => (note.hidden = true), 6000);
      }
    },
  };
  Object.defineProperty(navigator, "clipboard", { value: copies });

  // The script opens addresses that it finds in what is on screen, which others wrote, at a click. Nothing is opened
  // here; what the program hands over as a file is saved.
  window.open = (url) => {
    const found = new RegExp(`^${location.origin}/download/([\\w-]+)`).exec(url ?? "");
    if (found) {
      const link = document.createElement("a");
      link.href = `${folder}download/${found[1]}`;
      link.download = "";
      link.click();
    }
    return null;
  };

  // A cell is as wide as a letter of the font, so the font has to be there first.
  const begin = window.onload;
  window.onload = async (event) => {
    document.querySelector("#again").addEventListener("click", () => location.reload());
    document.querySelector("#terminal").dataset.sessionWebsocketUrl = `${folder.replace(/^http/, "ws")}ws`;
    await Promise.allSettled(faces.map((face) => document.fonts.load(`${face}16px "Roboto Mono"`, "a◆")));
    begin(event);
    document.querySelector(".xterm-helper-textarea").name = "keys";
  };
})();
