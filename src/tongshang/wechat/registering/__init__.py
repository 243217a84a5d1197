"""Mini programs registered for a merchant through the platform: asked, confirmed by a person within a day, told."""
