/**
 * A shape for every port type, so that the type can be told without colour. Paths around (0, 0),
 * about 10 px across, for SVG and for Path2D alike.
 */

export const PORT_TYPES = ["Table", "UntrainedModel", "Model", "Transform", "ImageFolder", "File", "Folder", "Report", "Value", "Any"];

/** @type {{[type: string]: string}} */
export const PORT_SHAPES = {
  Table: "M-4.5 -4.5H4.5V4.5H-4.5Z",
  UntrainedModel: "M-5 -4H5L0 5.5Z",
  Model: "M0 -5.8L5.8 0L0 5.8L-5.8 0Z",
  Transform: "M0 -5.5L5 4H-5Z",
  ImageFolder: "M-2.8 -5H2.8L5.6 0L2.8 5H-2.8L-5.6 0Z",
  File: "M-4 -5H2L4.5 -2.5V5H-4Z",
  Folder: "M-5 -4H-1L0.5 -2.5H5V4H-5Z",
  Report: "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z",
  Value: "M-2 -5H2L5 -2V2L2 5H-2L-5 2V-2Z",
  Any: "M-1.6 -5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5V-1.6H-1.6Z",
};

/** The index of a type in `PORT_TYPES`; unknown types are drawn as `Any`. @param {string} type */
export function typeIndex(type) {
  const index = PORT_TYPES.indexOf(type);
  return index < 0 ? PORT_TYPES.length - 1 : index;
}

/** @param {string} type */
export function shapeOf(type) {
  return PORT_SHAPES[type] ?? PORT_SHAPES.Any;
}

/** The CSS variable of a type's colour. @param {string} type */
export function typeVariable(type) {
  return `--type-${PORT_TYPES[typeIndex(type)].toLowerCase()}`;
}
