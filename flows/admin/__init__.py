"""What a person decides or repairs: decisions, replay, rebuild, verification, erasure."""
