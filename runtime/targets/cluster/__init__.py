"""Ray clusters as compute targets. Nothing here is imported by the engine or the designer but `ray_kind`."""
