/** What the build puts before the service worker: the folder of the page's files, and all of them below `./`. */
declare const BUILD: { folder: string; files: string[] };
