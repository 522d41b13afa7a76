import PipelineEditor from "pipeline-editor";

const href = import.meta.resolve("pipeline-editor/style.css");
document.querySelector(`link[href="${href}"]`) ?? document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

export default PipelineEditor;
