/**
 * A shape for every port type, so that the type can be told without colour. Paths around (0, 0),
 * about 10 px across, for SVG and for Path2D alike.
 */

export const PORT_TYPES = ["Table", "UntrainedModel", "Model", "Transform", "ImageFolder", "File", "Folder", "Report", "Value", "Any"];

/** Relative paths, so that a shape stands wherever the path before it ends. @type {{[type: string]: string}} */
export const PORT_SHAPES = {
  Table: "m-4.5-4.5h9v9h-9z",
  UntrainedModel: "m-5-4h10l-5 9.5z",
  Model: "m0-5.8l5.8 5.8l-5.8 5.8l-5.8-5.8z",
  Transform: "m0-5.5l5 9.5h-10z",
  ImageFolder: "m-2.8-5h5.6l2.8 5l-2.8 5h-5.6l-2.8-5z",
  File: "m-4-5h6l2.5 2.5v7.5h-8.5z",
  Folder: "m-5-4h4l1.5 1.5h4.5v6.5h-10z",
  Report: "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
  Value: "m-2-5h4l3 3v4l-3 3h-4l-3-3v-4z",
  Any: "m-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
};

/** One letter for every port type, where there is room for one beside the shape. @type {{[type: string]: string}} */
export const TYPE_LETTERS = { Table: "T", UntrainedModel: "U", Model: "M", Transform: "X", ImageFolder: "I", File: "F", Folder: "D", Report: "R", Value: "V", Any: "A" };

/** @param {string} type */
export function typeLetter(type) {
  return TYPE_LETTERS[type] ?? (type.slice(0, 1).toUpperCase() || TYPE_LETTERS.Any);
}

/** The index of a type in `PORT_TYPES`; unknown types are drawn as `Any`. @param {string} type */
export function typeIndex(type) {
  const index = PORT_TYPES.indexOf(type);
  return index < 0 ? PORT_TYPES.length - 1 : index;
}

/** The path of a type's shape around a point. @param {string} type @param {number} [x] @param {number} [y] */
export function shapeAt(type, x = 0, y = 0) {
  return `M${x} ${y}${PORT_SHAPES[type] ?? PORT_SHAPES.Any}`;
}

/** The CSS variable of a type's colour. @param {string} type */
export function typeVariable(type) {
  return `--type-${PORT_TYPES[typeIndex(type)].toLowerCase()}`;
}
