"""DynamoDB: a transaction that fails undoes what it changed. moto copies whole tables first, so each call takes as long as its table is large."""

import copy

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from patching import adds, replaces, requires

requires(DynamoDBBackend, "get_table")
requires(Table, "get_item", "delete_item")


@adds(Table, "__deepcopy__")
def stay(self, _memo):
    """What moto goes back to is the table itself: the way back is below."""
    return self


@replaces(DynamoDBBackend, "transact_write_items")
def transact_write_items(original, self, transact_items):
    before = [(table, *key, copy.deepcopy(table.get_item(*key))) for table, key in _touched(self, transact_items)]
    try:
        return original(self, transact_items)
    except Exception:
        for table, hash_key, range_key, item in before:
            _put_back(table, hash_key, range_key, item)
        raise


def _touched(backend, transact_items):
    for operation in (operation for one in transact_items for operation in one.values()):
        table = backend.tables.get(operation.get("TableName"))
        attributes = operation.get("Key") or operation.get("Item") or {}
        names = [table.hash_key_attr, *([table.range_key_attr] if table.has_range_key else [])] if table else []
        # A call without its keys is refused by moto before it changes anything.
        if names and all(name in attributes for name in names):
            hash_key, range_key = [*(DynamoType(attributes[name]) for name in names), None][:2]
            yield table, (hash_key, range_key)


def _put_back(table, hash_key, range_key, item):
    if item is None:
        table.delete_item(hash_key, range_key)
    elif range_key:
        table.items[hash_key][range_key] = item
    else:
        table.items[hash_key] = item
