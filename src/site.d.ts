/** What the build knows of the files beside the page: where each worker and runtime lies. */
declare module "virtual:site" {
  const site: import("./ports/tab/site.ts").Site;
  export default site;
}
