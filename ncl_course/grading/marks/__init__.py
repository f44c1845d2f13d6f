"""From scores to marks: the policy, lateness, and points that a person gives."""
