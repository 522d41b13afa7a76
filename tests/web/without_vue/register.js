// Lets tests import files of components without a browser and without installing Vue: `vue` becomes a stand-in.
import { register } from "node:module";

const standIn = new URL("./stand_in.js", import.meta.url).href;
const hook = `export function resolve(name, context, next) {
  return name === "vue" ? { url: ${JSON.stringify(standIn)}, shortCircuit: true } : next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
