from tests.flows.conftest import product  # noqa: F401  the whole product behind one real address
