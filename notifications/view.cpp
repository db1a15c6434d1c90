#include "notifications/view.h"

#include <utility>

namespace aiguillage::notifications {

View& View::Set(std::string_view name, std::string text) {
  Field& field = Slot(name);
  field.kind = Field::Kind::kText;
  field.text = std::move(text);
  return *this;
}

View& View::Set(std::string_view name, const char* text) { return Set(name, std::string(text)); }

View& View::Set(std::string_view name, bool flag) {
  Field& field = Slot(name);
  field.kind = Field::Kind::kFlag;
  field.flag = flag;
  return *this;
}

View& View::Set(std::string_view name, View nested) {
  Field& field = Slot(name);
  field.kind = Field::Kind::kView;
  field.rows.clear();
  field.rows.push_back(std::move(nested));
  return *this;
}

View& View::AddRow(std::string_view name) {
  SetList(name);
  return Slot(name).rows.emplace_back();
}

View& View::SetList(std::string_view name) {
  Field& field = Slot(name);
  if (field.kind != Field::Kind::kList) field.rows.clear();
  field.kind = Field::Kind::kList;
  return *this;
}

const View::Field* View::Find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

View::Field& View::Slot(std::string_view name) {
  for (Field& field : fields_) {
    if (field.name == name) return field;
  }
  if (fields_.empty()) fields_.reserve(12);  // most rows are of that many
  Field& field = fields_.emplace_back();
  field.name = name;
  return field;
}

}  // namespace aiguillage::notifications
