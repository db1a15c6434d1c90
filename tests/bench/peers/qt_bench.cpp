// Qt SCXML at the work of engine_bench, for `./run bench peers`: one line a row, « row value ».
// Each row takes Qt's best way: the plain chart has no datamodel, instances share one table, and of
// many events posted at once and one by one the quicker counts.
#include <QBuffer>
#include <QCoreApplication>
#include <QScxmlNullDataModel>
#include <QScxmlStateMachine>
#include <QScxmlTableData>
#include <cstdio>
#include <memory>
#include <vector>

#include "tests/bench/measure.h"
#include "tests/bench/rings.h"

namespace {

using namespace aiguillage::bench;  // NOLINT: a program of one page

std::unique_ptr<QScxmlStateMachine> Read(const std::string& text) {
  QByteArray bytes = QByteArray::fromStdString(text);
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::ReadOnly);
  std::unique_ptr<QScxmlStateMachine> machine(QScxmlStateMachine::fromData(&buffer));
  if (!machine->parseErrors().isEmpty()) {
    std::fprintf(stderr, "%s\n", qPrintable(machine->parseErrors().first().toString()));
    std::exit(1);
  }
  return machine;
}

double PerSecond(const std::string& text, int events, int at_once) {
  const auto machine = Read(text);
  machine->start();
  QCoreApplication::processEvents();
  const QString next = QStringLiteral("next");
  const double seconds = Median([&] {
    for (int sent = 0; sent < events; sent += at_once) {
      for (int i = 0; i < at_once; ++i) machine->submitEvent(next);
      QCoreApplication::processEvents();
    }
  });
  // it did what it says: a whole number of rounds brings it back to where it was
  if (!machine->isActive(QStringLiteral("s0"))) {
    std::fprintf(stderr, "Expected s0, but it is elsewhere\n");
    std::exit(1);
  }
  return events / seconds;
}

double Best(const std::string& text, int events) {
  return std::max(PerSecond(text, events, 1), PerSecond(text, events, 120));
}

struct Sharing : QScxmlStateMachine {
  explicit Sharing(QScxmlTableData* table)
      : QScxmlStateMachine(&QScxmlStateMachine::staticMetaObject) {
    setTableData(table);
    setDataModel(new QScxmlNullDataModel(this));
  }
};

double BytesLoaded(const std::string& text, int instances) {
  const auto first = Read(text);
  std::vector<std::unique_ptr<QScxmlStateMachine>> many;
  const std::size_t before = Allocated();
  many.reserve(static_cast<std::size_t>(instances));
  for (int i = 0; i < instances; ++i) {
    many.push_back(std::make_unique<Sharing>(first->tableData()));
    many.back()->start();
  }
  QCoreApplication::processEvents();
  const auto bytes = static_cast<double>(Allocated() - before);
  if (!many.back()->isActive(QStringLiteral("s0"))) {
    std::fprintf(stderr, "Expected s0, but it does not run\n");
    std::exit(1);
  }
  return bytes / instances;
}

}  // namespace

int main(int argc, char** argv) {
  const QCoreApplication application(argc, argv);
  const std::string plain = Document(Ring(12), "null");
  std::printf("plain %.0f\n", Best(plain, 120'000));
  std::printf("guarded %.0f\n", Best(Document(Counter() + Ring(12, Guarded())), 12'000));
  std::printf("loaded %.0f\n", BytesLoaded(plain, 2'000));
  return 0;
}
