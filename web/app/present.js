// The page in front of a class: while a lesson is presented, nothing of the page but the lesson is seen.

import { isPresented } from '../shared/places.js';

/** @import {Store} from './state.js' */

/** @param {Store} store */
export function followPresentation(store) {
  const { dataset } = document.documentElement;
  store.follow(['tab', 'lesson', 'room', 'present'], (state) => {
    if (isPresented(state)) dataset.present = '1';
    else delete dataset.present;
  });
}
