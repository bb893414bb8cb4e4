"""Stock and its ledger, orders from market to invoice, claims, purchase orders, settings; orders of before count as delivered"""

import sqlalchemy as sa
from alembic import op

import backend.db.base


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('collections',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', name='collectionstate', native_enum=False, length=40), nullable=False),
    sa.Column('markets', sa.JSON(), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('asked_by', sa.String(length=200), nullable=True),
    sa.Column('conversation_id', sa.String(length=200), nullable=True),
    sa.Column('lease_until', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_collections_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collections'))
    )
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.create_index('ix_collections_shop_created', ['shop_id', 'created_at'], unique=False)

    op.create_table('inventory_settings',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('changed_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_inventory_settings_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_settings')),
    sa.UniqueConstraint('shop_id', 'key', name=op.f('uq_inventory_settings_shop_id_key'))
    )
    op.create_table('market_commands',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market', sa.Enum('mall', 'smartstore', 'coupang', 'gmarket', 'auction', '11st', name='market', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('stock', 'invoice', 'status', 'claim', 'listing', name='commandkind', native_enum=False, length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=200), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sending', 'sent', 'failed', 'replaced', name='commandstate', native_enum=False, length=40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('not_before', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_market_commands_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_commands')),
    sa.UniqueConstraint('shop_id', 'key', name=op.f('uq_market_commands_shop_id_key'))
    )
    with op.batch_alter_table('market_commands', schema=None) as batch_op:
        batch_op.create_index('ix_market_commands_state_due', ['state', 'not_before'], unique=False)
        batch_op.create_index('ix_market_commands_subject', ['shop_id', 'market', 'kind', 'subject_id'], unique=False)

    op.create_table('market_feeds',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market', sa.Enum('mall', 'smartstore', 'coupang', 'gmarket', 'auction', '11st', name='market', native_enum=False, length=40), nullable=False),
    sa.Column('cursor', sa.String(length=200), nullable=True),
    sa.Column('collected_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failing_since', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=True),
    sa.Column('retry_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_market_feeds_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_feeds')),
    sa.UniqueConstraint('shop_id', 'market', name=op.f('uq_market_feeds_shop_id_market'))
    )
    op.create_table('movement_types',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('direction', sa.Enum('in', 'out', name='direction', native_enum=False, length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_movement_types_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement_types')),
    sa.UniqueConstraint('shop_id', 'direction', 'name', name=op.f('uq_movement_types_shop_id_direction_name'))
    )
    with op.batch_alter_table('movement_types', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_movement_types_shop_id'), ['shop_id'], unique=False)

    op.create_table('shipments',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('preparing', 'labelled', 'shipped', 'delivered', 'void', name='shipmentstate', native_enum=False, length=40), nullable=False),
    sa.Column('recipient_name', sa.String(length=200), nullable=True),
    sa.Column('recipient_phone', sa.String(length=200), nullable=True),
    sa.Column('country', sa.String(length=200), nullable=False),
    sa.Column('postcode', sa.String(length=200), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('message', sa.Text(), nullable=True),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('hold_reason', sa.String(length=200), nullable=True),
    sa.Column('merge_forbidden', sa.Boolean(), nullable=False),
    sa.Column('merged_into', sa.String(length=200), nullable=True),
    sa.Column('courier', sa.String(length=200), nullable=True),
    sa.Column('tracking_no', sa.String(length=200), nullable=True),
    sa.Column('labelled_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('printed_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_shipments_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
    sa.UniqueConstraint('shop_id', 'number', name=op.f('uq_shipments_shop_id_number'))
    )
    with op.batch_alter_table('shipments', schema=None) as batch_op:
        batch_op.create_index('ix_shipments_shop_state', ['shop_id', 'state'], unique=False)
        batch_op.create_index('ix_shipments_shop_tracking', ['shop_id', 'tracking_no'], unique=False)

    op.create_table('stock_imports',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('digest', sa.String(length=200), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('good', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.String(length=200), nullable=False),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_stock_imports_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_imports')),
    sa.UniqueConstraint('shop_id', 'digest', name=op.f('uq_stock_imports_shop_id_digest'))
    )
    with op.batch_alter_table('stock_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_imports_shop_id'), ['shop_id'], unique=False)

    op.create_table('suppliers',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=True),
    sa.Column('phone', sa.String(length=200), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_suppliers_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suppliers')),
    sa.UniqueConstraint('shop_id', 'name', name=op.f('uq_suppliers_shop_id_name'))
    )
    with op.batch_alter_table('suppliers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suppliers_shop_id'), ['shop_id'], unique=False)

    op.create_table('order_notes',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_notes_order_id_orders')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_order_notes_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_notes'))
    )
    with op.batch_alter_table('order_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_notes_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_notes_shop_id'), ['shop_id'], unique=False)

    op.create_table('purchase_orders',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=200), nullable=False),
    sa.Column('supplier_id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.Enum('draft', 'ordered', 'received', 'cancelled', name='purchasestate', native_enum=False, length=40), nullable=False),
    sa.Column('ordered_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_purchase_orders_shop_id_shops')),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_purchase_orders_supplier_id_suppliers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_orders')),
    sa.UniqueConstraint('shop_id', 'number', name=op.f('uq_purchase_orders_shop_id_number'))
    )
    with op.batch_alter_table('purchase_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_purchase_orders_shop_id'), ['shop_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_purchase_orders_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('stock_items',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=200), nullable=False),
    sa.Column('product_id', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('option_name', sa.String(length=200), nullable=True),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('barcode', sa.String(length=200), nullable=True),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('active', 'removed', name='itemstate', native_enum=False, length=40), nullable=False),
    sa.Column('stocked', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('safety', sa.Integer(), nullable=False),
    sa.Column('mall_quantity', sa.Integer(), nullable=True),
    sa.Column('location', sa.String(length=200), nullable=True),
    sa.Column('supplier_id', sa.String(length=40), nullable=True),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('english_name', sa.String(length=200), nullable=True),
    sa.Column('hs_code', sa.String(length=200), nullable=True),
    sa.Column('origin_country', sa.String(length=200), nullable=True),
    sa.Column('weight_g', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_stock_items_product_id_products')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_stock_items_shop_id_shops')),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_stock_items_supplier_id_suppliers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_items')),
    sa.UniqueConstraint('shop_id', 'barcode', name=op.f('uq_stock_items_shop_id_barcode')),
    sa.UniqueConstraint('shop_id', 'code', name=op.f('uq_stock_items_shop_id_code'))
    )
    with op.batch_alter_table('stock_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_items_product_id'), ['product_id'], unique=False)
        batch_op.create_index('ix_stock_items_shop_product', ['shop_id', 'product_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stock_items_supplier_id'), ['supplier_id'], unique=False)

    op.create_table('gift_rules',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('min_amount', sa.Integer(), nullable=False),
    sa.Column('product_ids', sa.JSON(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_gift_rules_item_id_stock_items')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_gift_rules_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gift_rules'))
    )
    with op.batch_alter_table('gift_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gift_rules_shop_id'), ['shop_id'], unique=False)

    op.create_table('line_matches',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('market', sa.Enum('mall', 'smartstore', 'coupang', 'gmarket', 'auction', '11st', name='market', native_enum=False, length=40), nullable=False),
    sa.Column('market_key', sa.Text(), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_line_matches_item_id_stock_items')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_line_matches_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_matches')),
    sa.UniqueConstraint('shop_id', 'market', 'market_key', name=op.f('uq_line_matches_shop_id_market_market_key'))
    )
    with op.batch_alter_table('line_matches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_line_matches_item_id'), ['item_id'], unique=False)

    op.create_table('purchase_order_lines',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('purchase_order_id', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('cost', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_purchase_order_lines_item_id_stock_items')),
    sa.ForeignKeyConstraint(['purchase_order_id'], ['purchase_orders.id'], name=op.f('fk_purchase_order_lines_purchase_order_id_purchase_orders')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_purchase_order_lines_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_order_lines'))
    )
    with op.batch_alter_table('purchase_order_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_purchase_order_lines_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_purchase_order_lines_purchase_order_id'), ['purchase_order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_purchase_order_lines_shop_id'), ['shop_id'], unique=False)

    op.create_table('stock_movements',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Enum('receive', 'issue', 'correct', 'ship', 'return', 'ship_undone', 'undo', name='movementreason', native_enum=False, length=40), nullable=False),
    sa.Column('type_id', sa.String(length=40), nullable=True),
    sa.Column('delta', sa.Integer(), nullable=False),
    sa.Column('balance', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.String(length=200), nullable=False),
    sa.Column('by_name', sa.String(length=200), nullable=False),
    sa.Column('source_type', sa.String(length=200), nullable=False),
    sa.Column('source_id', sa.String(length=200), nullable=False),
    sa.Column('line_id', sa.String(length=200), nullable=True),
    sa.Column('undoes', sa.String(length=200), nullable=True),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_stock_movements_item_id_stock_items')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_stock_movements_shop_id_shops')),
    sa.ForeignKeyConstraint(['type_id'], ['movement_types.id'], name=op.f('fk_stock_movements_type_id_movement_types')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movements')),
    sa.UniqueConstraint('shop_id', 'key', name=op.f('uq_stock_movements_shop_id_key'))
    )
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.create_index('ix_stock_movements_item_at', ['item_id', 'at'], unique=False)
        batch_op.create_index('ix_stock_movements_shop_at', ['shop_id', 'at'], unique=False)

    op.create_table('claims',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.String(length=40), nullable=False),
    sa.Column('line_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.Enum('cancel', 'return', 'exchange', name='claimkind', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('requested', 'accepted', 'held', 'collecting', 'collected', 'inspected', 'reshipping', 'done', 'rejected', 'withdrawn', name='claimstate', native_enum=False, length=40), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.Column('after_shipping', sa.Boolean(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('fee', sa.Integer(), nullable=False),
    sa.Column('refund', sa.Enum('none', 'due', 'held', 'done', name='refundstate', native_enum=False, length=40), nullable=False),
    sa.Column('refund_amount', sa.Integer(), nullable=False),
    sa.Column('exchange_item_id', sa.String(length=40), nullable=True),
    sa.Column('exchange_line_id', sa.String(length=200), nullable=True),
    sa.Column('outcomes', sa.JSON(), nullable=False),
    sa.Column('restocked', sa.Integer(), nullable=False),
    sa.Column('pickup_courier', sa.String(length=200), nullable=True),
    sa.Column('pickup_tracking_no', sa.String(length=200), nullable=True),
    sa.Column('raw_code', sa.String(length=200), nullable=True),
    sa.Column('market_key', sa.String(length=200), nullable=True),
    sa.Column('requested_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('collected_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', backend.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['exchange_item_id'], ['stock_items.id'], name=op.f('fk_claims_exchange_item_id_stock_items')),
    sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_claims_line_id_order_lines')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_claims_order_id_orders')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_claims_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims')),
    sa.UniqueConstraint('shop_id', 'market_key', name=op.f('uq_claims_shop_id_market_key'))
    )
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claims_line_id'), ['line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_order_id'), ['order_id'], unique=False)
        batch_op.create_index('ix_claims_shop_state', ['shop_id', 'state'], unique=False)

    op.create_table('inbounds',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shop_id', sa.String(length=40), nullable=False),
    sa.Column('item_id', sa.String(length=40), nullable=False),
    sa.Column('supplier_id', sa.String(length=40), nullable=True),
    sa.Column('purchase_line_id', sa.String(length=40), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('expected', 'partly', 'received', 'cancelled', name='inboundstate', native_enum=False, length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', backend.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['stock_items.id'], name=op.f('fk_inbounds_item_id_stock_items')),
    sa.ForeignKeyConstraint(['purchase_line_id'], ['purchase_order_lines.id'], name=op.f('fk_inbounds_purchase_line_id_purchase_order_lines')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_inbounds_shop_id_shops')),
    sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_inbounds_supplier_id_suppliers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbounds'))
    )
    with op.batch_alter_table('inbounds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbounds_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_inbounds_shop_due', ['shop_id', 'due_on'], unique=False)

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('item_id', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('matched_by', sa.Enum('code', 'name', 'memory', 'hand', name='matchedby', native_enum=False, length=40), nullable=True))
        batch_op.add_column(sa.Column('shipment_id', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('market_line_no', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('market_product_no', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('seller_code', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('market_name', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('market_option', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('raw_status', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('raw_claim', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('cancelled', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('allocated', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('fulfilment', sa.Enum('awaiting_payment', 'unallocated', 'partly_allocated', 'allocated', 'shipped', 'delivered', 'confirmed', 'cancelled', name='fulfilment', native_enum=False, length=40), nullable=False, server_default='delivered'))
        batch_op.add_column(sa.Column('claim_kind', sa.Enum('cancel', 'return', 'exchange', name='claimkind', native_enum=False, length=40), nullable=True))
        batch_op.add_column(sa.Column('claim_state', sa.Enum('requested', 'accepted', 'held', 'collecting', 'collected', 'inspected', 'reshipping', 'done', 'rejected', 'withdrawn', name='claimstate', native_enum=False, length=40), nullable=True))
        batch_op.add_column(sa.Column('gift_rule_id', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('exchange_of', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('split_from', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.alter_column('product_id',
               existing_type=sa.VARCHAR(length=40),
               nullable=True)
        batch_op.create_index('ix_order_lines_item_fulfilment', ['item_id', 'fulfilment'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_lines_shipment_id'), ['shipment_id'], unique=False)
        batch_op.create_index('ix_order_lines_shop_fulfilment', ['shop_id', 'fulfilment'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_shipment_id_shipments'), 'shipments', ['shipment_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_item_id_stock_items'), 'stock_items', ['item_id'], ['id'])

    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('market_order_no', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('buyer_phone', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('recipient_name', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('recipient_phone', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('country', sa.String(length=200), nullable=False, server_default='KR'))
        batch_op.add_column(sa.Column('postcode', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('address', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('message', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('remote_area', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('paid_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ship_by', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('collected_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('removed_at', backend.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index('ix_orders_market_order', ['shop_id', 'market', 'market_order_no'], unique=True)



def downgrade() -> None:
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_index('ix_orders_market_order')
        batch_op.drop_column('version')
        batch_op.drop_column('removed_at')
        batch_op.drop_column('collected_at')
        batch_op.drop_column('ship_by')
        batch_op.drop_column('paid_at')
        batch_op.drop_column('remote_area')
        batch_op.drop_column('message')
        batch_op.drop_column('address')
        batch_op.drop_column('postcode')
        batch_op.drop_column('country')
        batch_op.drop_column('recipient_phone')
        batch_op.drop_column('recipient_name')
        batch_op.drop_column('buyer_phone')
        batch_op.drop_column('market_order_no')

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_order_lines_item_id_stock_items'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_order_lines_shipment_id_shipments'), type_='foreignkey')
        batch_op.drop_index('ix_order_lines_shop_fulfilment')
        batch_op.drop_index(batch_op.f('ix_order_lines_shipment_id'))
        batch_op.drop_index('ix_order_lines_item_fulfilment')
        batch_op.alter_column('product_id',
               existing_type=sa.VARCHAR(length=40),
               nullable=False)
        batch_op.drop_column('version')
        batch_op.drop_column('split_from')
        batch_op.drop_column('exchange_of')
        batch_op.drop_column('gift_rule_id')
        batch_op.drop_column('claim_state')
        batch_op.drop_column('claim_kind')
        batch_op.drop_column('fulfilment')
        batch_op.drop_column('allocated')
        batch_op.drop_column('cancelled')
        batch_op.drop_column('raw_claim')
        batch_op.drop_column('raw_status')
        batch_op.drop_column('market_option')
        batch_op.drop_column('market_name')
        batch_op.drop_column('seller_code')
        batch_op.drop_column('market_product_no')
        batch_op.drop_column('market_line_no')
        batch_op.drop_column('shipment_id')
        batch_op.drop_column('matched_by')
        batch_op.drop_column('item_id')

    with op.batch_alter_table('inbounds', schema=None) as batch_op:
        batch_op.drop_index('ix_inbounds_shop_due')
        batch_op.drop_index(batch_op.f('ix_inbounds_item_id'))

    op.drop_table('inbounds')
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.drop_index('ix_claims_shop_state')
        batch_op.drop_index(batch_op.f('ix_claims_order_id'))
        batch_op.drop_index(batch_op.f('ix_claims_line_id'))

    op.drop_table('claims')
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.drop_index('ix_stock_movements_shop_at')
        batch_op.drop_index('ix_stock_movements_item_at')

    op.drop_table('stock_movements')
    with op.batch_alter_table('purchase_order_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_purchase_order_lines_shop_id'))
        batch_op.drop_index(batch_op.f('ix_purchase_order_lines_purchase_order_id'))
        batch_op.drop_index(batch_op.f('ix_purchase_order_lines_item_id'))

    op.drop_table('purchase_order_lines')
    with op.batch_alter_table('line_matches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_line_matches_item_id'))

    op.drop_table('line_matches')
    with op.batch_alter_table('gift_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_gift_rules_shop_id'))

    op.drop_table('gift_rules')
    with op.batch_alter_table('stock_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_items_supplier_id'))
        batch_op.drop_index('ix_stock_items_shop_product')
        batch_op.drop_index(batch_op.f('ix_stock_items_product_id'))

    op.drop_table('stock_items')
    with op.batch_alter_table('purchase_orders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_purchase_orders_supplier_id'))
        batch_op.drop_index(batch_op.f('ix_purchase_orders_shop_id'))

    op.drop_table('purchase_orders')
    with op.batch_alter_table('order_notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_order_notes_shop_id'))
        batch_op.drop_index(batch_op.f('ix_order_notes_order_id'))

    op.drop_table('order_notes')
    with op.batch_alter_table('suppliers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_suppliers_shop_id'))

    op.drop_table('suppliers')
    with op.batch_alter_table('stock_imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_imports_shop_id'))

    op.drop_table('stock_imports')
    with op.batch_alter_table('shipments', schema=None) as batch_op:
        batch_op.drop_index('ix_shipments_shop_tracking')
        batch_op.drop_index('ix_shipments_shop_state')

    op.drop_table('shipments')
    with op.batch_alter_table('movement_types', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_movement_types_shop_id'))

    op.drop_table('movement_types')
    op.drop_table('market_feeds')
    with op.batch_alter_table('market_commands', schema=None) as batch_op:
        batch_op.drop_index('ix_market_commands_subject')
        batch_op.drop_index('ix_market_commands_state_due')

    op.drop_table('market_commands')
    op.drop_table('inventory_settings')
    with op.batch_alter_table('collections', schema=None) as batch_op:
        batch_op.drop_index('ix_collections_shop_created')

    op.drop_table('collections')
