// Which of some files is the model's, which its number formats beside it, and what the model may be called.

/** @import {BroughtText} from '../../shared/types.d.ts' */

/** @typedef {{config: BroughtText|null, quant: BroughtText|null}} ModelFiles */

/**
 * An object of JSON as Python writes it, as far as it can be read here; null if it is none.
 * @param {string} text
 * @returns {Record<string, any>|null}
 */
export function looseObject(text) {
  const plain = text.replace(/^\ufeff/, '');
  try {
    return asObject(JSON.parse(plain));
  } catch {
    return asObject(withoutInfinities(plain));
  }
}

/** @param {any} value @returns {Record<string, any>|null} */
const asObject = (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null);

/** Strings, which stay as they are, and what Python writes for numbers that JSON does not know. */
const STRINGS_AND_INFINITIES = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** @param {string} text */
function withoutInfinities(text) {
  try {
    return JSON.parse(text.replaceAll(STRINGS_AND_INFINITIES, (part) => (part.startsWith('"') ? part : 'null')));
  } catch {
    return null;
  }
}

/** Whether an object is the `hf_quant_config.json` beside a model. @param {Record<string, any>} object */
export const isQuantConfig = (object) =>
  typeof object.quantization === 'object' &&
  object.quantization !== null &&
  !('hidden_size' in object) &&
  !isModelConfig(object);

/** Whether an object is a model's `config.json`. @param {Record<string, any>} object */
export function isModelConfig(object) {
  const decoders = [object, object.text_config, object.llm_config, object.language_config, object.thinker_config];
  return (
    decoders.some((each) => typeof each?.hidden_size === 'number') &&
    ('model_type' in object || 'architectures' in object)
  );
}

/**
 * @param {BroughtText[]} texts
 * @param {BroughtText|null} before the model's file that is in hand, for formats that come later
 * @returns {ModelFiles}
 */
export function modelFiles(texts, before = null) {
  const quant = texts.find(({ text }) => {
    const object = looseObject(text);
    return object !== null && isQuantConfig(object);
  });
  const config = texts.find((each) => each !== quant);
  return { config: config ?? (quant ? before : null), quant: quant ?? null };
}

/**
 * What a model may be called: by its file, or by what it says of itself.
 * @param {BroughtText} config
 */
export function proposedName({ name, text }) {
  const fromFile = name
    .replace(/\.(json|txt)$/i, '')
    .replace(/[-_. ]*config([ -]*\(?\d+\)?)?$/i, '')
    .replace(/^.*(--|__)/, '')
    .trim();
  if (fromFile !== '') return fromFile;
  const { _name_or_path: path = '', model_type: type = '', text_config: inner } = looseObject(text) ?? {};
  const last =
    String(path)
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  return last || String(type || (inner?.model_type ?? '')) || 'my-model';
}
