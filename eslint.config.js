import js from '@eslint/js';
import globals from 'globals';

/**
 * The arrows between the folders of web/: what each may import besides its own files. Tests may import everything.
 * Pages and workers meet only in shared/, and only workers load the engine.
 * @type {Record<string, string[]>}
 */
const MAY_IMPORT = {
  shared: [],
  words: ['shared'],
  worker: ['#engine', 'shared'],
  engine: ['shared', 'words'],
  address: ['shared'],
  ui: ['shared', 'words'],
  charts: ['shared', 'words', 'ui'],
  settings: ['shared', 'words', 'ui', 'address'],
  'views/story': ['shared', 'words', 'ui', 'engine', 'address', 'settings', 'theory'],
  'views/theory': ['shared', 'words', 'ui', 'engine'],
  'views/overview': ['shared', 'words', 'ui', 'engine', 'address', 'settings', 'theory'],
  'views/details': ['shared', 'words', 'ui', 'engine', 'charts', 'settings', 'theory', 'overview'],
  'views/cluster': ['shared', 'words', 'ui', 'engine', 'charts', 'settings'],
  'views/compare': ['shared', 'words', 'ui', 'engine', 'settings'],
  'views/plan': ['shared', 'words', 'ui', 'engine', 'charts', 'settings'],
  'views/lessons': ['shared', 'words', 'ui', 'engine', 'address', 'charts', 'settings', 'cluster'],
  'views/traffic': ['shared', 'words', 'ui', 'engine', 'charts', 'settings'],
  'views/share': ['shared', 'words', 'ui', 'engine', 'address', 'settings'],
  app: ['shared', 'words', 'ui', 'engine', 'address', 'charts', 'settings', 'views'],
};

/** By the last part of its path: names of folders are unique in web/. */
const FOLDERS = ['views', ...Object.keys(MAY_IMPORT).map((path) => path.replace('views/', ''))];

/** @type {import('eslint').Linter.Config[]} */
const ARROWS = Object.entries(MAY_IMPORT).map(([path, allowed]) => {
  const inViews = allowed.includes('views') ? FOLDERS.filter((name) => `views/${name}` in MAY_IMPORT) : [];
  const own = path.replace('views/', '');
  const others = FOLDERS.filter((name) => name !== own && ![...allowed, ...inViews].includes(name));
  const message = `web/${path}/ may import from ${allowed.join(', ') || 'nothing else'} (MAY_IMPORT in eslint.config.js)`;
  const regex = `/(${others.join('|')})/${allowed.includes('#engine') ? '' : '|^#'}`;
  return {
    files: [`web/${path}/**/*.js`],
    ignores: ['**/*.test.js'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
  };
});

const NO_MARKUP = {
  selector: "MemberExpression[property.name='innerHTML']",
  message: 'build elements instead: the policy is strict',
};

const SHOWN_WORDS = {
  selector: 'AssignmentExpression[left.property.name=/^(textContent|innerText|text)$/]',
  message: 'setWords of ui/dom.js shows every character of a text of others',
};

/** What a person reads stands in web/words, where a translator finds it. */
const WORDS = [
  'CallExpression[callee.name=/^(element|setWords|button|link)$/] > Literal[value=/^[A-Z][a-z]|[a-z] [a-zA-Z]/]',
  'CallExpression[callee.name=/^(element|setWords)$/] > TemplateLiteral > TemplateElement[value.raw=/[a-zA-Z]{2}/]',
  'CallExpression[callee.name="element"] Property[key.value=/^(aria-label|aria-roledescription)$/] > Literal.value',
  'CallExpression[callee.name="element"] Property[key.name=/^(title|placeholder|alt)$/] > Literal.value',
  'ReturnStatement > TemplateLiteral > TemplateElement[value.raw=/[a-z]{3,} [a-z]{2,} /]',
].map((selector) => ({ selector, message: 'what a person reads stands in web/words' }));

export default [
  {
    ignores: ['dist/', 'pkg/', 'target/', 'node_modules/', 'test-results/', 'playwright-report/', 'shots/', 'release/'],
  },
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-implicit-globals': 'error',
      'no-restricted-syntax': ['error', NO_MARKUP],
    },
  },
  {
    files: ['web/**/*.js'],
    ignores: ['web/ui/dom.js', '**/*.test.js'],
    rules: { 'no-restricted-syntax': ['error', NO_MARKUP, SHOWN_WORDS] },
  },
  {
    files: ['web/{app,charts,settings,ui,views}/**/*.js'],
    ignores: ['web/ui/dom.js', '**/*.test.js'],
    rules: { 'no-restricted-syntax': ['error', NO_MARKUP, SHOWN_WORDS, ...WORDS] },
  },
  { files: ['web/**/*.js'], languageOptions: { globals: { ...globals.browser } } },
  ...ARROWS,
  {
    files: ['scripts/**', 'tests/**', 'examples/**', 'src/wasm/npm/**', 'web/**/*.test.js', '*.config.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
];
