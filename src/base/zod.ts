// After tsc, the build bundles zod into this one file, without its messages in 60 languages: 4 MB
// of memory instead of 13, and 0.02 s of CPU instead of 0.06.
export { z } from "zod";
