"""The ground: storage without rules. Tables, statements, engines, migrations, full text and the change feed."""
