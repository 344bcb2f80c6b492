import { DataTypes, type InferAttributes, type InferCreationAttributes, Model, type Sequelize } from 'sequelize';
import type { StaffId, TenantId } from '../lib/ids.ts';
import type { Role } from './permissions.ts';

export class StaffRow extends Model<InferAttributes<StaffRow>, InferCreationAttributes<StaffRow>> {
  declare id: StaffId;
  declare tenantId: TenantId;
  declare slackUserId: string;
  declare name: string;
  declare role: Role | null;
  declare phone: string | null;
  declare zone: string | null;
  declare createdAt: Date;
  declare checkedAt: Date;
  declare chosenAt: Date | null;
  declare coveredBy: StaffId | null;
}

export class SettingsRow extends Model<InferAttributes<SettingsRow>, InferCreationAttributes<SettingsRow>> {
  declare tenantId: TenantId;
  declare version: number;
  declare values: Record<string, unknown>;
  declare changedBy: StaffId | null;
  declare changedAt: Date;
}

// functions, since Sequelize writes the column's name into the object that describes it
const id = () => ({ type: DataTypes.UUID, primaryKey: true });
const uuid = () => ({ type: DataTypes.UUID, allowNull: false });
const text = () => ({ type: DataTypes.TEXT, allowNull: false });
const optional = () => ({ type: DataTypes.TEXT, allowNull: true });
const instant = () => ({ type: DataTypes.DATE, allowNull: false });

/** Binds this room's models to the connection; called once by the composition root. */
export function defineTenantModels(sequelize: Sequelize): void {
  StaffRow.init(
    {
      id: id(),
      tenantId: uuid(),
      slackUserId: text(),
      name: text(),
      role: optional(),
      phone: optional(),
      zone: optional(),
      createdAt: instant(),
      checkedAt: instant(),
      chosenAt: { type: DataTypes.DATE, allowNull: true },
      coveredBy: { type: DataTypes.UUID, allowNull: true },
    },
    { sequelize, tableName: 'staff' },
  );
  SettingsRow.init(
    {
      tenantId: { ...uuid(), primaryKey: true },
      version: { type: DataTypes.INTEGER, primaryKey: true },
      values: { type: DataTypes.JSONB, allowNull: false },
      changedBy: { type: DataTypes.UUID, allowNull: true },
      changedAt: instant(),
    },
    { sequelize, tableName: 'settings' },
  );
}
