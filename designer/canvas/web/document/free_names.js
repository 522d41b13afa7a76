/**
 * Names that nothing has, counted on from one that is taken.
 *
 * @param {string} name
 * @param {(name: string) => boolean} isFree
 */
export function numbered(name, isFree) {
  const stem = name.replace(/_\d+$/, "");
  let number = 2;
  while (!isFree(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

/**
 * Whether operations speak of a node or subgraph of that name, wherever it is.
 *
 * @param {string} text the operations as JSON
 * @param {string} name
 */
export function isMentioned(text, name) {
  return text.includes(`"${name}"`) || text.includes(`"${name}.`);
}

/** The key of a rename for a whole node or subgraph. @param {readonly string[]} path */
export function renameKey(path) {
  return path[0] === "nodes" ? path[1] : path.join("/");
}
