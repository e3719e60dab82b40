/** Vite's `?inline`: the file as a data: URL. */
declare module '*.png?inline' {
  const url: string;
  export default url;
}
