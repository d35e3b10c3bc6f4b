import importX from "eslint-plugin-import-x";
import globals from "globals";

/** What the page's code must keep: see docs/style in CONTRIBUTING.md. Format is Prettier's, types are TypeScript's. */
const rules = {
  "array-callback-return": "error",
  complexity: ["error", 15],
  eqeqeq: ["error", "smart"],
  "max-depth": ["error", 4],
  "max-len": ["error", {code: 120, ignoreUrls: true, ignoreStrings: true, ignoreRegExpLiterals: true}],
  "max-lines": ["error", {max: 300}],
  "max-lines-per-function": ["error", {max: 60}],
  "no-else-return": "error",
  "no-implicit-globals": "error",
  "no-multi-str": "error",
  "no-param-reassign": "off",
  // The server joins modules without their indentation.
  "no-restricted-syntax": [
    "error",
    {selector: "TemplateElement[value.raw=/\\n[ ]/]", message: "A text's lines begin without spaces."},
  ],
  "no-shadow": "error",
  "no-undef": "error",
  "no-unused-expressions": ["error", {allowTaggedTemplates: true}],
  "no-unused-vars": ["error", {args: "after-used", caughtErrors: "all", ignoreRestSiblings: true}],
  "no-useless-return": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "one-var": ["error", "never"],
  "prefer-const": ["error", {destructuring: "all"}],
  "import-x/first": "error",
  "import-x/no-cycle": "error",
  "import-x/no-duplicates": "error",
  "import-x/no-mutable-exports": "error",
  "import-x/no-self-import": "error",
  "import-x/no-unresolved": "error",
};

export default [
  {ignores: ["**/node_modules/**", "**/*.d.ts"]},
  {
    files: ["static/js/**/*.js"],
    plugins: {"import-x": importX},
    languageOptions: {ecmaVersion: "latest", sourceType: "module", globals: globals.browser},
    linterOptions: {reportUnusedDisableDirectives: "error"},
    rules,
  },
  {
    files: ["tests/static/**/*.mjs"],
    plugins: {"import-x": importX},
    languageOptions: {ecmaVersion: "latest", sourceType: "module", globals: {...globals.node, ...globals.browser}},
    rules: {...rules, "max-lines": "off", "max-lines-per-function": "off", "import-x/no-unresolved": "off"},
  },
];
