// The whole screen for the page, where the browser has a way to it.

import { element, setWords } from '../../../ui/dom.js';
import { PRESENT } from '../../../words/room.js';

export class FullScreen {
  constructor() {
    this.button = element('button', { type: 'button', class: 'quiet', title: PRESENT.fullHelp });
    this.button.hidden = !document.fullscreenEnabled;
    this.button.addEventListener('click', () => this.toggle());
    document.addEventListener('fullscreenchange', () => this.#show());
    this.#show();
  }

  get isOn() {
    return Boolean(document.fullscreenElement);
  }

  async toggle() {
    if (this.isOn) {
      await document.exitFullscreen();
      return;
    }
    if (!document.fullscreenEnabled) return;
    try {
      await document.documentElement.requestFullscreen();
    } catch {
      // The browser or the person refuses: the window stays as it is, which is what is seen.
    }
  }

  leave() {
    if (this.isOn) this.toggle();
  }

  #show() {
    setWords(this.button, this.isOn ? PRESENT.notFull : PRESENT.full);
  }
}
