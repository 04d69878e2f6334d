/** The build copies uPlot's own module to vendor/; its types come from the npm package. */
declare module '*/vendor/uPlot.esm.js' {
  export { default } from 'uplot';
}
