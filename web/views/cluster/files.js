// The picture of the cluster, taken away: as a file for a slide, or on the clipboard. What makes it is loaded then.

import { colour } from '../../charts/theme.js';
import { pictureBlob, savePicture } from '../../charts/picture_file.js';
import { copyButton, saveButton, saveMenu } from '../../charts/save_menu.js';
import { runWords } from '../../settings/simulated.js';
import { setWords } from '../../ui/dom.js';
import { pictureTitle } from '../../words/cluster.js';
import { clockText } from './clock.js';
import { momentInWords } from './moment.js';

/** @import {Store} from '../../app/state.js' */
/** @import {Snapshot, Picture} from './picture.js' */

/**
 * The menu of what can be taken away.
 * @param {Picture} picture
 * @param {Store} store
 */
export function pictureMenu(picture, store) {
  const tell = (/** @type {string} */ words) => {
    setWords(picture.readout, words);
  };
  const shown = () => picture.snapshot();
  const titleOf = (/** @type {Snapshot} */ { moment }) => pictureTitle(clockText(moment.timeUs));
  const make = async (/** @type {Snapshot} */ snapshot) => {
    const { framed } = await import('../../charts/framed.js');
    const words = {
      title: titleOf(snapshot),
      summary: momentInWords(snapshot.moment),
      simulated: runWords(store.state),
    };
    return pictureBlob(framed(snapshot, words, (name) => colour(picture.canvas, name)));
  };
  const save = async (/** @type {Snapshot} */ snapshot) => {
    const [{ fileName }, blob] = await Promise.all([import('../../charts/export.js'), make(snapshot)]);
    savePicture(fileName(titleOf(snapshot), 'png'), blob);
  };
  return saveMenu(copyButton(shown, make, tell), saveButton('PNG', shown, save, tell));
}
