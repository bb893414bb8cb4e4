"""Korean language work that needs no Rasa: morphemes, entities, intent model."""
