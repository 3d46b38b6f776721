"""Articles with known truth: the demo portal's and some of other shapes, written for this evaluation."""
# ruff: noqa: E501  texts are not broken

from dataclasses import dataclass
from datetime import date

from fixtures.portal import PortalArticle, PortalFile, demo_portal

TUYEN_GIAO, TIN, THONG_BAO, TO_CHUC = (
    "cong-tac-tuyen-giao",
    "tin-hoat-dong",
    "van-ban-thong-bao",
    "to-chuc-xay-dung-dang",
)


@dataclass(frozen=True, slots=True)
class When:
    """An event as the record writes it; `place` None where the text tells none."""

    start: str
    end: str
    place: str | None


#: Events of the articles below; an article of ours that is not named here tells of none.
EVENTS: dict[str, When] = {
    "duk801002": When(
        "2019-06-05T14:00:00+07:00", "2019-06-05T14:00:00+07:00", "Hội trường A, số 105 Quán Thánh"
    ),
    "duk801005": When("2019-07-10", "2019-07-12", "Quảng Ninh"),
    "duk801006": When("2018-09-14", "2018-09-14", "Hà Nội"),
    "duk801007": When("2019-10-08", "2019-10-08", "Bắc Ninh"),
    "duk801010": When("2020-01-15", "2020-01-15", "Hà Nội"),
    "tbo801012": When(
        "2018-05-21T08:30:00+07:00", "2018-05-21T08:30:00+07:00", "Phòng họp tầng 3, trụ sở Đảng ủy Khối"
    ),
}

OWN: tuple[PortalArticle, ...] = (
    PortalArticle(
        "duk801001",
        "Diễn văn Lễ kỷ niệm 110 năm Ngày sinh đồng chí Lê Văn Bình (15/07/1908 - 15/07/2018)",
        date(2018, 7, 16),
        1530,
        (TUYEN_GIAO,),
        "Hôm nay, chúng ta trọng thể tổ chức Lễ kỷ niệm để cùng ôn lại cuộc đời hoạt động cách mạng của đồng chí.",
        (
            "Thưa các đồng chí và các vị đại biểu!",
            "Sinh ra trong một gia đình nông dân, đồng chí sớm giác ngộ, tham gia phong trào từ năm 1926; ngày 03/02/1930 được kết nạp vào Đảng(1).",
            "Ôn lại truyền thống, chúng ta càng thấy rõ những bài học lớn:",
            "- Một là, giữ vững nguyên tắc tập trung dân chủ, tự phê bình và phê bình.",
            "- Hai là, gắn bó mật thiết với nhân dân; (1) nghe dân nói, (2) nói dân hiểu, (3) làm dân tin.",
            "- Ba là, chăm lo xây dựng đội ngũ cán bộ đủ đức, đủ tài.",
            "Xin trân trọng cảm ơn các đồng chí!",
            "(1) Lịch sử Đảng bộ, tập 1, tr. 45.",
        ),
    ),
    PortalArticle(
        "duk801002",
        "Giấy mời dự Hội nghị thông tin chuyên đề quý II-2019",
        date(2019, 5, 30),
        214,
        (THONG_BAO,),
        "Ban Thường vụ Đảng ủy Khối trân trọng kính mời các đồng chí dự Hội nghị thông tin chuyên đề quý II-2019.",
        (
            "Thành phần: Thường trực cấp ủy, trưởng ban tuyên giáo các đảng ủy trực thuộc; báo cáo viên của Đảng ủy Khối.",
            "Nội dung: Tình hình thế giới, khu vực và công tác đối ngoại của Đảng ta.",
            "Thời gian: 14 giờ 00 ngày 05/6/2019 (chiều thứ tư).",
            "Địa điểm: Hội trường A, số 105 Quán Thánh.",
            "Đề nghị các đồng chí dự đúng giờ, mang theo giấy mời.",
        ),
        None,
        "Văn phòng Đảng ủy Khối",
        series=("thong-tin-chuyen-de", "2019-Q2"),
    ),
    PortalArticle(
        "duk801003",
        "Hướng dẫn tổ chức sinh hoạt chi bộ theo chuyên đề năm 2019",
        date(2019, 3, 12),
        6021,
        (TO_CHUC,),
        "Ban Tổ chức Đảng ủy Khối hướng dẫn một số nội dung về sinh hoạt chi bộ theo chuyên đề như sau:",
        (
            "I. MỤC ĐÍCH, YÊU CẦU",
            "1. Nâng cao chất lượng sinh hoạt chi bộ; khắc phục tình trạng đơn điệu, hình thức.",
            "2. Việc lựa chọn chuyên đề phải sát với nhiệm vụ chính trị của cơ quan, đơn vị.",
            "II. NỘI DUNG",
            "1. Mỗi quý chi bộ sinh hoạt chuyên đề ít nhất 01 lần, vào tháng giữa của quý.",
            "2. Chi ủy phân công đảng viên chuẩn bị, gửi trước ngày 05 của tháng.",
            "Quá trình thực hiện nếu có vướng mắc, đề nghị phản ánh về Ban Tổ chức Đảng ủy Khối để xem xét, giải quyết.",
        ),
        None,
        "Ban Tổ chức Đảng ủy Khối",
        attachments=(
            PortalFile("hd-15-sinh-hoat-chuyen-de.pdf", "Hướng dẫn số 15-HD/BTC (bản ký)"),
            PortalFile("phu-luc-1.docx", "Phụ lục 1: Mẫu kế hoạch"),
            PortalFile("phu-luc-2.xls", "Phụ lục 2: Mẫu báo cáo"),
        ),
    ),
    PortalArticle(
        "duk801004",
        "Một số nhiệm vụ trọng tâm công tác kiểm tra, giám sát quý IV năm 2018",
        date(2018, 10, 2),
        377,
        (TO_CHUC,),
        None,
        (
            "1. Hoàn thành các cuộc kiểm tra, giám sát theo chương trình năm 2018; kịp thời thông báo kết luận.",
            "2. Giải quyết dứt điểm đơn thư tố cáo đối với tổ chức đảng, đảng viên.",
            "3. Xây dựng dự thảo chương trình kiểm tra, giám sát năm 2019, trình Ban Thường vụ trước ngày 15/12/2018.",
        ),
        None,
        "Ủy ban Kiểm tra Đảng ủy Khối",
    ),
    PortalArticle(
        "duk801005",
        "Tập huấn nghiệp vụ cho cán bộ làm công tác dân vận và đoàn thể",
        date(2019, 7, 13),
        98,
        (TIN,),
        "Từ ngày 10 đến 12/7/2019, tại Quảng Ninh, Đảng ủy Khối tổ chức lớp tập huấn nghiệp vụ công tác dân vận và đoàn thể.",
        (
            "Ảnh: Toàn cảnh\nlớp tập huấn.",
            "Gần 120 học viên là cán bộ chuyên trách, kiêm nhiệm ở các đảng bộ trực thuộc được nghe bốn chuyên đề.",
            "Ảnh: Các học viên thảo luận nhóm.",
            "Chia sẻ kinh nghiệm tại lớp học, nhiều học viên cho rằng cần đổi mới cách nắm tình hình đoàn viên, hội viên.",
            "Ảnh: Trao chứng nhận cho học viên.",
            "Bình luận về kết quả lớp tập huấn, Ban Tổ chức lớp nhận xét học viên chấp hành tốt nội quy./.",
        ),
        "Minh Hà - Thu An",
    ),
    PortalArticle(
        "duk801006",
        "Khai giảng lớp bồi dưỡng “Kỹ năng viết tin, bài & chụp ảnh” năm 2018.",
        date(2018, 9, 14),
        41,
        (TIN,),
        "Sáng 14/9/2018, tại Hà Nội, Đảng ủy Khối khai giảng lớp bồi dưỡng kỹ năng viết tin, bài và chụp ảnh cho cộng tác viên Trang thông tin điện tử.",
        ("Lớp học diễn ra trong ba ngày với 65 học viên./.",),
        "Hoàng Lan",
    ),
    PortalArticle(
        "duk801007",
        "Đoàn đại biểu Đảng ủy Khối thăm và làm việc tại Bắc Ninh",
        date(2019, 10, 9),
        512,
        (TIN,),
        "Ngày 08/10/2019, tại Bắc Ninh, Đoàn đại biểu Đảng ủy Khối đã có buổi trao đổi kinh nghiệm công tác xây dựng Đảng.",
        (
            "Ảnh: Hai đoàn đại biểu chụp ảnh lưu niệm.",
            "Các tin, bài về mô hình “chi bộ bốn tốt” được cấp ủy địa phương giới thiệu tại buổi làm việc.",
            "Tin tưởng vào sự phối hợp giữa hai bên, đồng chí Trưởng đoàn đề nghị hai đơn vị duy trì trao đổi thông tin 6 tháng một lần.",
            "Ban Thường vụ Đảng ủy Khối ghi nhận và cảm ơn sự đón tiếp chu đáo./.",
        ),
        "NGUYỄN THỊ HOA",
    ),
    PortalArticle(
        "duk801008",
        "Quy định về chế độ báo cáo, thông tin trong Đảng bộ Khối",
        date(2018, 11, 5),
        2877,
        (THONG_BAO,),
        "Thực hiện Chương trình công tác năm 2018, Đảng ủy Khối ban hành Quy định về chế độ báo cáo, thông tin trong Đảng bộ Khối.",
        ("Quy định gồm 4 chương, 16 điều, có hiệu lực kể từ ngày ký.",),
        attachments=(PortalFile("qd-88.pdf", "Toàn văn Quy định số 88-QĐ/ĐUK"),),
    ),
    PortalArticle(
        "duk801009",
        "Xây dựng văn hóa công vụ: từ nhận thức đến hành động",
        date(2019, 8, 20),
        3409,
        (TUYEN_GIAO,),
        "Văn hóa công vụ không phải là khẩu hiệu treo trên tường mà là nếp làm việc hằng ngày của mỗi cán bộ, đảng viên.",
        (
            "Từ nhận thức...",
            "Nhiều năm qua, việc xây dựng văn hóa công sở đã được đề cập trong nhiều văn bản[1]. Song ở không ít nơi, sự thờ ơ, vô cảm vẫn còn.",
            "Có ý kiến cho rằng: “Văn hóa là cái còn lại khi người ta đã quên đi tất cả”. Nói như vậy không có nghĩa là buông lỏng.",
            "...đến hành động",
            "Trước hết, người đứng đầu phải nêu gương. Thứ hai, mỗi cơ quan cần có bộ quy tắc ứng xử ngắn gọn, dễ nhớ, dễ làm.",
            "Phản hồi của người dân và cơ sở là thước đo khách quan nhất của văn hóa công vụ./.",
        ),
        "ThS. Trần Quốc Việt",
    ),
    PortalArticle(
        "duk801010",
        "Gặp mặt cán bộ hưu trí nhân dịp Xuân Canh Tý 2020",
        date(2020, 1, 16),
        0,
        (TIN, TO_CHUC),
        "Chiều 15-1, tại Hà Nội, Đảng ủy Khối tổ chức gặp mặt cán bộ hưu trí nhân dịp Xuân Canh Tý 2020.",
        (
            "Thay mặt Thường trực Đảng ủy Khối, đồng chí Phó Bí thư chúc Tết các đồng chí cán bộ hưu trí.",
            "Trong không khí thân mật, các đại biểu đã ôn lại những năm tháng công tác, xem phim tư liệu và giao lưu văn nghệ.",
        ),
        "Tuấn Anh",
    ),
    PortalArticle(
        "duk801011",
        "Nghị quyết số 12-NQ/ĐUK về nâng cao chất lượng học tập lý luận chính trị",
        date(2018, 12, 3),
        745,
        (THONG_BAO,),
        "Ngày 30 tháng 11 năm 2018, Ban Chấp hành Đảng bộ Khối đã ban hành Nghị quyết số 12-NQ/ĐUK.",
        (
            "Nghị quyết xác định 5 nhóm nhiệm vụ, giải pháp; giao Ban Tuyên giáo chủ trì, phối hợp với các ban theo dõi, đôn đốc.",
            "Toàn văn Nghị quyết được gửi kèm thông tin này để các đảng ủy trực thuộc nghiên cứu, thực hiện.",
        ),
        attachments=(
            PortalFile("nq-12-duk.pdf", "Nghị quyết số 12-NQ/ĐUK"),
            PortalFile("phu-luc-nq-12.zip", "Phụ lục kèm theo"),
        ),
    ),
    PortalArticle(
        "tbo801012",
        "Thông báo tổ chức Hội nghị cộng tác viên Dư luận xã hội tháng 5/2018.",
        date(2018, 5, 15),
        1207,
        (THONG_BAO, TUYEN_GIAO),
        "Thực hiện chương trình công tác, Ban Tuyên giáo Đảng ủy Khối tổ chức Hội nghị cộng tác viên dư luận xã hội tháng 5/2018, cụ thể như sau:",
        (
            "Thành phần hội nghị: Cộng tác viên dư luận xã hội của Đảng ủy Khối.",
            "Nội dung: Phản ánh tình hình dư luận xã hội trong tháng 5.",
            "Thời gian: 8 giờ 30 ngày 21/5/2018 (sáng thứ hai).",
            "Địa điểm: Phòng họp tầng 3, trụ sở Đảng ủy Khối.",
            "Thông báo này thay giấy mời. Đề nghị các đồng chí sắp xếp công việc, tham dự đầy đủ.",
        ),
        None,
        "Ban Tuyên giáo Đảng ủy Khối",
        series=("ctv-du-luan-xa-hoi", "2018-05"),
    ),
    PortalArticle(
        "duk801013",
        "Kết quả 3 năm thực hiện Chỉ thị 05 ở Đảng bộ Khối (2016 - 2019)",
        date(2019, 5, 19),
        15230,
        (TUYEN_GIAO,),
        "Sau 3 năm thực hiện Chỉ thị 05-CT/TW, việc học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh ở Đảng bộ Khối đã đi vào nền nếp.",
        (
            "Tính đến ngày 30/4/2019, 100% chi bộ đã đưa nội dung học tập vào sinh hoạt định kỳ; 1.245 tập thể, 8.730 cá nhân được biểu dương.",
            "Xem thêm số liệu so sánh cho thấy tỷ lệ đảng viên đăng ký làm theo tăng từ 76,5% lên 98,2%.",
            "Trong thời gian tới, cần tập trung vào ba khâu đột phá:",
            "+ Nâng cao trách nhiệm nêu gương của người đứng đầu;",
            "+ Đẩy mạnh tuyên truyền gương người tốt, việc tốt;",
            "+ Gắn việc thực hiện Chỉ thị với giải quyết những vấn đề bức xúc ở cơ sở./.",
        ),
        "Lê Minh - Quốc Bảo",
    ),
)


def articles() -> list[PortalArticle]:
    """The demo portal's articles and our own, newest first."""
    return sorted([*demo_portal(), *OWN], key=lambda a: (a.published, a.number), reverse=True)


#: Section id -> (title, address), as the pages of this evaluation link to them.
SECTIONS: dict[str, tuple[str, str]] = {
    section.id: (section.title, section.path) for section in demo_portal().sections
}
