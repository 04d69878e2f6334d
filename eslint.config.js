import js from '@eslint/js';
import globals from 'globals';

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
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[property.name='innerHTML']",
          message: 'build elements instead: the policy is strict',
        },
      ],
    },
  },
  { files: ['web/**/*.js'], languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['scripts/**', 'tests/**', 'examples/**', 'npm/**', 'web/**/*.test.js', '*.config.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off' },
  },
];
